/**
 * A reminder of the router that a statutory clock runs or has run out: said in the log, by ids, and
 * taken out of the mailbox. What stays there stands in the way: a lane has so much on loan and no more.
 */
import { digestOf } from '../certs/digest.ts';
import { readJws, verify } from '../certs/verify.ts';
import type { Herinnering } from '../schemas/generated/wire.ts';
import { fromUrn, toUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';
import { checkWire } from '../schemas/validate.ts';
import { kindOf } from './log.ts';
import type { Rooms } from './rooms.ts';

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export async function remind(rooms: Rooms, jws: string): Promise<void> {
  const { log } = rooms;
  try {
    const { klok, soort, afzender, bericht, eind } = await authenticate(rooms, jws);
    const about = { klok, soort, afzender: fromUrn(afzender), bericht };
    log.warn({ ...about, eind: new Date(eind * 1000).toISOString() }, 'a statutory clock');
  } catch (error) {
    if (!(error instanceof Refusal) || error.retry) throw error;
    log.warn({ ...kindOf(error), mededeling: digestOf(jws) }, 'a reminder does not count');
  }
  await forget(rooms, jws);
}

async function authenticate(rooms: Rooms, jws: string): Promise<Herinnering> {
  const { directory, trust, clock, oin, router } = rooms;
  const { header, claims } = readJws(jws, TYP.reminder);
  const reminder = checkWire('herinnering', claims);
  if (reminder.iss !== toUrn(router)) throw new Refusal('issuer-mismatch');
  const at = reminder.iat * 1000;
  const certificate = await directory.certificate(router, 'authenticiteit', header.x5t, at);
  await verify(jws, TYP.reminder, () => certificate);
  // What waited in the mailbox since does not expire there.
  trust.judge(certificate, { use: 'authenticiteit', at, now: clock.now(), seen: at });
  if (reminder.aud !== toUrn(oin)) throw new Refusal('wrongly-addressed');
  return reminder;
}

/** Its id is believed as far as this, also when nothing else is: the router need not give it again. */
async function forget({ store }: Rooms, jws: string): Promise<void> {
  const jti = idOf(jws);
  if (jti !== undefined) await store.write(() => store.receipts.see(jti));
}

function idOf(jws: string): string | undefined {
  try {
    const { jti } = readJws(jws, TYP.reminder).claims;
    return typeof jti === 'string' ? jti : undefined;
  } catch {
    return undefined;
  }
}
