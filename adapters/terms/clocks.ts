/**
 * The statutory clocks of this agency, as its own inbox and outbox tell, so that they can be seen when
 * the router is away: started by what was received, ended by what was answered or by what a person said.
 */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { isTerm, momentsOf, TERMS, type TermEntry, type TermId } from '../../schemas/terms.ts';
import type { Rooms } from '../rooms.ts';
import type { ClockRow } from '../store/clocks.ts';

/** Times are milliseconds since 1970. */
export interface RunningClock {
  readonly term: TermId;
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly begin: number;
  readonly end: number;
  readonly reminded: number | null;
}

/** No clock of the table runs longer than this. */
const LONGEST = 200 * 86_400_000;
const ENTRIES = Object.entries(TERMS) as [TermId, TermEntry][];
const keyOf = ({ term, sender, message }: Pick<ClockRow, 'term' | 'sender' | 'message'>): string =>
  `${term} ${sender} ${message}`;

/** Those that run or have run out and were not ended; what ends first comes first. */
export function openClocks(rooms: Rooms): RunningClock[] {
  const said = new Map(rooms.store.clocks.all().map((row) => [keyOf(row), row]));
  const started = [...startedByMessages(rooms), ...startedByWord(said.values())];
  const once = new Map(started.map((clock) => [keyOf(clock), clock]));
  return [...once.values()]
    .filter((clock) => (said.get(keyOf(clock))?.ended ?? null) === null)
    .filter((clock) => !isAnswered(rooms, clock))
    .map((clock) => toRunning(clock, said.get(keyOf(clock))))
    .sort((a, b) => a.end - b.end);
}

type Started = Pick<RunningClock, 'term' | 'sender' | 'message' | 'begin'>;

function startedByMessages({ store, clock }: Rooms): Started[] {
  const since = clock.now() - LONGEST;
  return ENTRIES.flatMap(([term, { begint }]) =>
    begint === 'verklaring'
      ? []
      : store.inbox
          .accepted(begint.bericht, since)
          .filter(({ prio }) => begint.prio === undefined || begint.prio === prio)
          .map(({ sender, jti, received }) => ({ term, sender, message: jti, begin: received })),
  );
}

function startedByWord(rows: Iterable<ClockRow>): Started[] {
  return [...rows].flatMap(({ term, sender, message, begin }) =>
    begin !== null && isTerm(term) ? [{ term, sender, message, begin }] : [],
  );
}

/** By a message of ours that refers to it, of the type that ends this clock. */
function isAnswered({ store }: Rooms, { term, message }: Started): boolean {
  const { eindigt }: TermEntry = TERMS[term];
  return eindigt !== 'verklaring' && store.outbox.hasAnswered(message, eindigt.bericht);
}

function toRunning(clock: Started, row: ClockRow | undefined): RunningClock {
  const begin = row?.begin ?? clock.begin;
  const { end } = momentsOf(TERMS[clock.term], begin, { extensions: row?.extensions ?? 0 });
  return { ...clock, begin, end, reminded: row?.reminded ?? null };
}
