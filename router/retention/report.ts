/**
 * The retention report: what is kept, for how long it may be, and whether the promise is kept. Made of
 * counts and ages only, so that it can be given to anybody who asks.
 */
import type { Holding } from '../bus/holdings.ts';
import { STREAMS } from '../bus/streams.ts';
import type { Contents, Pile } from './holdings.ts';
import { DAY, HOUR, LIMITS, type Limit } from './limits.ts';

export interface StreamRow extends Omit<Holding, 'maxAge'> {
  readonly holds: string;
  readonly keeps: Limit['keeps'];
  readonly law: string;
  /** The age past which nothing may be there, and the age at which the broker drops it; null = none. */
  readonly limitDays: number | null;
  readonly setDays: number | null;
  /** The age of the oldest. */
  readonly oldestDays: number | null;
  readonly faults: readonly string[];
}

export interface RetentionReport {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `unknown`: no pipeline could say what lies in the mailboxes. */
  readonly promise: 'kept' | 'broken' | 'unknown';
  readonly streams: readonly StreamRow[];
  /** Null when no pipeline answered. */
  readonly contents: Contents | null;
  readonly faults: readonly string[];
}

/** The second line has not worked for this long: then nobody knows that the first one does. */
const LATE_ROUND = DAY;
/** The broker drops what is old from time to time, and its clock is not ours. */
const SLACK = HOUR;

export function makeReport(
  holdings: readonly Holding[],
  contents: Contents | null,
  now: number,
): RetentionReport {
  const streams = holdings.map((holding) => rowOf(holding, now));
  const faults = [
    ...streams.flatMap((row) => row.faults.map((fault) => `${row.stream}: ${fault}`)),
    ...(contents === null ? [] : faultsOf(contents, now)),
  ];
  const known = contents === null ? 'unknown' : 'kept';
  return { at: now, promise: faults.length > 0 ? 'broken' : known, streams, contents, faults };
}

function rowOf({ maxAge, ...holding }: Holding, now: number): StreamRow {
  const { keeps, law, days } = LIMITS[holding.stream];
  const age = holding.oldest === null ? null : Math.max(now - holding.oldest, 0);
  const setDays = maxAge === null ? null : maxAge / DAY;
  const wanted = STREAMS[holding.stream].days;
  const late = wanted !== null && (setDays === null || setDays > wanted);
  const old = days !== null && age !== null && age > days * DAY + SLACK;
  const faults = [
    ...(holding.there ? [] : ['does not exist']),
    ...(holding.there && late
      ? [`would be kept ${setDays === null ? 'for ever' : `${setDays} days`}, not ${wanted}`]
      : []),
    ...(old ? [`holds what is ${inDays(age)} days old; the limit is ${days}`] : []),
  ];
  const oldestDays = age === null ? null : inDays(age);
  return {
    ...{ ...holding, holds: STREAMS[holding.stream].holds, keeps, law },
    ...{ limitDays: days, setDays, oldestDays, faults },
  };
}

const inDays = (ms: number): number => Math.floor((ms / DAY) * 10) / 10;

function faultsOf({ copies, notices, letters, round }: Contents, now: number): string[] {
  const overdue = (name: string, pile: Pile, limit: string) =>
    pile.overdue === 0 ? [] : [`${pile.overdue} ${name} still there more than ${limit}`];
  return [
    ...overdue('sealed copies', copies, '24 h after they were settled or had ended'),
    ...overdue('notices to senders', notices, '6 months after they were made'),
    ...overdue('dead letters', letters, '24 h after their time'),
    ...(round !== null && now - round.at > LATE_ROUND
      ? [`nobody looked for what should be gone since ${new Date(round.at).toISOString()}`]
      : []),
  ];
}
