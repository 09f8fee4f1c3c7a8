/**
 * The statutory clocks (schemas/terms.ts) that run for agencies: each is one deadline. They start and
 * stop by types and receipts, or by a signed word of their owner; of the content the router knows nothing.
 * The ledger is told of signed words and of what the router says; the rest follows from the receipts there.
 */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { momentsOf, TERMS, type TermEntry, type TermId } from '../schemas/terms.ts';
import type { Deadline } from './deadlines.ts';
import type { Rooms } from './rooms.ts';
import { CLOCK, type ClockName, keyOfClock } from './terms/clock-key.ts';

const ENTRIES = Object.entries(TERMS) as [TermId, TermEntry][];

/** A clock as its deadline remembers it. Times are milliseconds since 1970. */
export interface Clockwork {
  readonly begin: number;
  /** How often its owner has made it longer. */
  readonly verlengd: number;
  /** How many of its moments are past. */
  readonly stap: number;
  /** The statement that made it longer last. */
  readonly woord?: string;
}

export const clockworkOf = ({ data }: Deadline): Clockwork => ({
  begin: Number(data['begin']),
  verlengd: Number(data['verlengd']),
  stap: Number(data['stap']),
  ...(typeof data['woord'] === 'string' && { woord: data['woord'] }),
});

/** The moments of a clock in order; the last one is its end. */
export function momentsAt(
  term: TermId,
  { begin, verlengd }: Pick<Clockwork, 'begin' | 'verlengd'>,
): readonly number[] {
  const { end, reminders } = momentsOf(TERMS[term], begin, { extensions: verlengd });
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

/** A copy of a message of this type came into the hands of its recipient. */
export async function clocksStartedBy(
  rooms: Rooms,
  message: { sender: Oin; jti: Uuid7; berichttype: string; prio: string },
  owner: Oin,
): Promise<void> {
  const { sender, jti } = message;
  const roles = rooms.registry.agency(owner)?.rollen ?? [];
  for (const [term, { begint, eigenaar }] of ENTRIES) {
    if (begint === 'verklaring' || begint.bericht !== message.berichttype) continue;
    if (begint.prio !== undefined && begint.prio !== message.prio) continue;
    if (!roles.includes(eigenaar)) continue;
    await beginClock(rooms, { owner, term, sender, jti }, rooms.clock.now());
  }
}

/** The owner sent a message of this type that refers to the one that the clock is about. */
export async function clocksEndedBy(
  rooms: Rooms,
  answer: { owner: Oin; berichttype: string; to: readonly Oin[]; verwijst?: Uuid7 },
): Promise<void> {
  const { owner, berichttype, to, verwijst: jti } = answer;
  if (jti === undefined) return;
  for (const [term, { eindigt }] of ENTRIES) {
    if (eindigt === 'verklaring' || eindigt.bericht !== berichttype) continue;
    for (const sender of to) await endClock(rooms, { owner, term, sender, jti });
  }
}

/** The recipient will not work on this copy: none of its clocks runs on. */
export async function clocksDropped(
  rooms: Rooms,
  sender: Oin,
  jti: Uuid7,
  owner: Oin,
): Promise<void> {
  for (const [term] of ENTRIES) await endClock(rooms, { owner, term, sender, jti });
}
