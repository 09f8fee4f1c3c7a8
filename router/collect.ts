import { digestOf } from '../certs/digest.ts';
import type { Ophaalantwoord, Uitslag } from '../schemas/generated/wire.ts';
import type { NoteId, Oin } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { checkWire } from '../schemas/validate.ts';
import type { Item, Kind } from './mailboxes.ts';
import type { Questions } from './questions.ts';
import { acceptReceipt } from './receipts/accept.ts';
import type { Rooms } from './rooms.ts';
import type { Tickets } from './tickets.ts';

const MOST = 10;

/**
 * Takes the receipts that an agency brings, removes what its ticket says it has seen, and gives what waits for it.
 * Each receipt has its own outcome: one that does not count keeps nothing from being collected.
 * @throws Refusal, when the ticket is not good
 */
export async function collect(
  rooms: Rooms,
  tickets: Tickets,
  { peer, postbus, verzoek, vervolg }: Questions['collect']['ask'],
): Promise<Ophaalantwoord> {
  const asked = checkWire('ophaalverzoek', verzoek);
  const seen = await tickets.check({ peer, postbus, bewijs: asked.bewijs });
  const { ontvangstbewijzen = [], maximum = MOST } = asked;
  // What is on loan is not given twice, so nothing here waits for anything else.
  const [{ items, more }, uitslagen] = await Promise.all([
    rooms.mailboxes.take(postbus, maximum),
    Promise.all(ontvangstbewijzen.map((jws) => offer(rooms, peer, jws))),
    vervolg ? [] : forget(rooms, postbus, seen),
  ]);
  const textsOf = (wanted: Kind) => items.filter((i) => i.kind === wanted).map((i) => i.text);
  const [alarmen, mededelingen] = [textsOf('alarm'), textsOf('mededeling')];
  return {
    afleveringen: items.filter(({ kind }) => kind === 'aflevering').map(toDelivery),
    ontvangstbewijzen: textsOf('ontvangstbewijs'),
    ...(alarmen.length > 0 && { alarmen }),
    ...(mededelingen.length > 0 && { mededelingen }),
    uitslagen,
    meer: more,
  };
}

/** Takes one receipt; a no is an outcome, too. */
export async function offer(rooms: Rooms, peer: Oin, jws: string): Promise<Uitslag> {
  const dig = digestOf(jws);
  try {
    await acceptReceipt(rooms, peer, jws);
    return { dig, aangenomen: true };
  } catch (error) {
    if (error instanceof Refusal) {
      return { dig, aangenomen: false, code: error.code, detail: error.message };
    }
    rooms.metrics.countFault('receipt');
    rooms.log.error({ err: error, peer, dig }, 'receipt failed');
    return { dig, aangenomen: false, code: 'temporarily-unavailable' };
  }
}

/** Removes what the ticket of the owner says was seen (Tickets.check). */
export async function forget(rooms: Rooms, postbus: Oin, seen: readonly NoteId[]): Promise<void> {
  await Promise.all(seen.map((note) => forgetOne(rooms, postbus, note)));
}

/** What could not be removed is given once more, and seen again: no reason to hold anything back. */
async function forgetOne(
  { mailboxes, metrics, log }: Rooms,
  postbus: Oin,
  note: NoteId,
): Promise<void> {
  try {
    await mailboxes.removeSeen(postbus, note);
  } catch (err) {
    metrics.countFault('receipt');
    log.error({ err, postbus }, 'receipt not removed');
  }
}

const toDelivery = ({ from, id, prio, text }: Item) => ({
  afzender: from,
  bericht: id,
  prio,
  inhoud: text,
});
