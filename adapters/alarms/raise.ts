/** The adapter's own clock: finds urgent messages that wait too long, whether the router lives or not. */
import { newUuid7, type Oin } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import type { AlarmKind, Overdue, Raised } from '../store/alarms.ts';
import { endingOf } from './ending.ts';
import { otherParty, telephoneOf } from './telephone.ts';

/** How long an urgent message may wait before people are told; milliseconds. */
export interface Patience {
  readonly undeliveredMs: number;
  readonly unprocessedMs: number;
}

/** Raises what is overdue. @returns how many alarms are new */
export async function raiseOverdue(rooms: Rooms, patience: Patience): Promise<number> {
  const { store, clock, oin } = rooms;
  const now = clock.now();
  const found = [
    ...store.alarms
      .notSent(oin, now - patience.undeliveredMs)
      .flatMap(perRecipient)
      .map((one) => ({ ...one, kind: 'niet-afgeleverd' as const })),
    ...store.alarms
      .notTaken(oin, now - patience.unprocessedMs)
      .map((one) => ({ ...one, kind: 'niet-verwerkt' as const })),
  ];
  const rows = await Promise.all(found.map((one) => toRow(rooms, one)));
  return await raise(rooms, rows);
}

/** Not yet accepted: the recipients are those that the sender named, or nobody knows them. */
function perRecipient(one: Overdue): Overdue[] {
  if (one.recipient !== '' || one.audience === null) return [one];
  return (JSON.parse(one.audience) as Oin[]).map((recipient) => ({ ...one, recipient }));
}

async function toRow(rooms: Rooms, one: Overdue & { readonly kind: AlarmKind }): Promise<Raised> {
  const { audience: _, ...about } = one;
  const now = rooms.clock.now();
  const phone = await telephoneOf(rooms, otherParty(rooms.oin, about));
  return { ...about, id: newUuid7(now), raised: now, own: now, router: null, phone };
}

/** Writes alarms down, and says so in the log: by ids, as everything there. @returns how many are new */
export async function raise(rooms: Rooms, rows: readonly Raised[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { store, log, told } = rooms;
  const fresh = await store.write(() =>
    rows.filter((row) => {
      // What was waited for may have come meanwhile.
      if (endingOf(rooms, { ...row, seen: null }) !== undefined) return false;
      return store.alarms.raise(row, told);
    }),
  );
  for (const { kind, sender, message, recipient, phone } of fresh) {
    const about = { soort: kind, afzender: sender, bericht: message, ontvanger: recipient };
    log.warn({ ...about, telefoon: phone !== null }, 'ALARM: an urgent message waits: telephone');
  }
  if (fresh.length > 0) rooms.rings.alarms();
  return fresh.length;
}
