/**
 * The statutory clocks (schemas/terms.ts) that run for agencies: each is one deadline. They start and
 * stop by types and receipts, or by a signed word of their owner; of the content the router knows nothing.
 * The ledger is told of signed words and of what the router says; the rest follows from the receipts there.
 */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { momentsOf, TERMS, type TermEntry, type TermId } from '../schemas/terms.ts';
import type { Deadline } from './deadlines.ts';
import type { IdRecord } from './ids.ts';
import type { Rooms } from './rooms.ts';
import { joinClock, leaveClock } from './terms/carriers.ts';
import { CLOCK, type ClockName, keyOfClock } from './terms/clock-key.ts';
import { begins, correctedBy, reportOf } from './terms/report.ts';

const ENTRIES = Object.entries(TERMS) as [TermId, TermEntry][];

/** A clock as its deadline remembers it. Times are milliseconds since 1970. */
export interface Clockwork {
  readonly begin: number;
  /** How often its owner has made it longer. */
  readonly verlengd: number;
  /** How many of its moments are past. */
  readonly stap: number;
  /** What carries it, once there were corrections; else only the message that it is about. */
  readonly berichten?: readonly Uuid7[];
}

export const clockworkOf = ({ data }: Deadline): Clockwork => ({
  begin: Number(data['begin']),
  verlengd: Number(data['verlengd']),
  stap: Number(data['stap']),
  ...(Array.isArray(data['berichten']) && { berichten: data['berichten'] as Uuid7[] }),
});

/** The moments of a clock in order; the last one is its end. */
export function momentsAt(
  term: TermId,
  { begin, verlengd }: Pick<Clockwork, 'begin' | 'verlengd'>,
): readonly number[] {
  const { end, reminders } = momentsOf(TERMS[term], begin, verlengd);
  return [...reminders, end];
}

export const deadlineOf = (name: ClockName, work: Clockwork): Deadline => ({
  key: keyOfClock(name),
  kind: CLOCK,
  due: momentsAt(name.term, work)[work.stap] ?? 0,
  data: { ...work },
});

/** Starts one that is not running. @returns whether it was started */
export async function beginClock(rooms: Rooms, name: ClockName, begin: number): Promise<boolean> {
  if ((await rooms.deadlines.find(keyOfClock(name))) !== undefined) return false;
  const deadline = deadlineOf(name, { begin, verlengd: 0, stap: 0 });
  await rooms.deadlines.open(deadline);
  return true;
}

/** Stops one that is running. @returns whether it was */
export async function endClock(rooms: Rooms, name: ClockName): Promise<boolean> {
  if ((await rooms.deadlines.find(keyOfClock(name))) === undefined) return false;
  await rooms.deadlines.close(keyOfClock(name));
  return true;
}

export const tellLedger = (
  { ledger }: Rooms,
  { owner, term, sender, jti }: ClockName,
  handeling: string,
): Promise<void> =>
  ledger.append({
    kind: 'klok',
    eigenaar: owner,
    klok: term,
    handeling,
    afzender: sender,
    bericht: jti,
  });

/** A copy of a message came into the hands of its recipient. @param begin milliseconds since 1970 */
export async function clocksStartedBy(
  rooms: Rooms,
  message: { sender: Oin; jti: Uuid7; record: IdRecord },
  owner: Oin,
  begin: number,
): Promise<void> {
  const { sender, jti, record } = message;
  const roles = rooms.registry.agency(owner)?.rollen ?? [];
  const terms = ENTRIES.filter(([, term]) => roles.includes(term.eigenaar) && begins(term, record));
  if (terms.length === 0) return;
  const earlier = await correctedBy(rooms, { sender, jti, owner });
  for (const [term, entry] of terms) {
    const runs = earlier.some((one) => !one.rejected && begins(entry, one.record));
    if (!runs) await beginClock(rooms, { owner, term, sender, jti }, begin);
    else
      for (const one of earlier) await joinClock(rooms, { owner, term, sender, jti: one.jti }, jti);
  }
}

/** The owner sent a message of this type that refers to one that a clock is about, or that corrects it. */
export async function clocksEndedBy(
  rooms: Rooms,
  answer: {
    owner: Oin;
    berichttype: string;
    to: readonly Oin[];
    verwijst?: Uuid7;
    /** It takes back an earlier answer, and is none. */
    trektIn?: Uuid7;
  },
): Promise<void> {
  const { owner, berichttype, to, verwijst: jti, trektIn } = answer;
  const ends = ([, { eindigt }]: (typeof ENTRIES)[number]) =>
    eindigt !== 'verklaring' && eindigt.bericht === berichttype;
  const terms = ENTRIES.filter(ends);
  if (jti === undefined || trektIn !== undefined || terms.length === 0) return;
  for (const sender of to) {
    for (const about of await reportOf(rooms, { sender, jti, owner }))
      for (const [term] of terms) await endClock(rooms, { owner, term, sender, jti: about });
  }
}

/** The recipient will not work on this copy: no clock runs on that only it carried. */
export async function clocksDropped(
  rooms: Rooms,
  sender: Oin,
  jti: Uuid7,
  owner: Oin,
): Promise<void> {
  for (const about of await reportOf(rooms, { sender, jti, owner }))
    for (const [term] of ENTRIES) await leaveClock(rooms, { owner, term, sender, jti: about }, jti);
}
