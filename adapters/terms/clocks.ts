/**
 * The statutory clocks of this agency, as its own inbox and outbox tell, so that they can be seen when
 * the router is away: started by what was received, ended by what was answered or by what a person said.
 */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import {
  endOfTerm,
  isTerm,
  MOST_CORRECTIONS,
  TERMS,
  type TermEntry,
  type TermId,
} from '../../schemas/terms.ts';
import type { Rooms } from '../rooms.ts';
import type { ClockId, ClockRow } from '../store/clocks.ts';
import type { InboxRow } from '../store/inbox.ts';
import { type Begun, clockKey, replayClocks, replayRows } from './replay.ts';

/** Times are milliseconds since 1970. */
export interface AgencyClock {
  readonly term: TermId;
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly begin: number;
  /** What started it: the receipt of the message, or a word of a person. */
  readonly by: 'ontvangst' | 'verklaring';
  /** How often it was made longer. */
  readonly extensions: number;
  readonly end: number;
  readonly reminded: number | null;
  readonly ended?: Ended;
}

/** That a clock was ended, and by what. */
export interface Ended {
  readonly at: number;
  readonly by: 'antwoord' | 'verklaring' | 'afwijzing';
  /** The answer. */
  readonly answer?: Uuid7;
}

/** No clock of the table runs longer than this. */
const LONGEST = 200 * 86_400_000;

/** Those that run or have run out and were not ended; what ends first comes first. */
export function openClocks(rooms: Rooms): AgencyClock[] {
  const since = rooms.clock.now() - LONGEST;
  const said = rooms.store.clocks.since(since);
  // Of most clocks somebody said that they ended: what else became of those nobody need look up.
  const over = new Set(said.filter(({ ended }) => ended !== null).map(clockKey));
  const isOpen = (one: ClockId) => !over.has(clockKey(one));
  return join(rooms, replayClocks(rooms, since).filter(isOpen), said.filter(isOpen))
    .filter(({ ended }) => ended === undefined)
    .sort((a, b) => a.end - b.end);
}

/** One clock, also when it was ended; undefined when there is none. */
export function findClock(rooms: Rooms, id: ClockId): AgencyClock | undefined {
  const isIt = (one: ClockId) => clockKey(one) === clockKey(id);
  const row = rooms.store.clocks.get(id);
  const begun = replayRows(rooms, reportOf(rooms, id)).filter(isIt);
  return join(rooms, begun, row === undefined ? [] : [row])[0];
}

/** The message, all that it corrects, and all that corrects it or those. */
function reportOf(rooms: Rooms, { sender, message }: ClockId): InboxRow[] {
  const { inbox } = rooms.store;
  let first = inbox.get(sender, message);
  for (let n = 0; first !== undefined && first.replaces !== null && n < MOST_CORRECTIONS; n++) {
    const before = inbox.get(sender, first.replaces);
    if (before === undefined) break;
    first = before;
  }
  if (first === undefined) return [];
  const later = correctionsOf(rooms, sender, first.jti);
  return [first, ...later.flatMap(({ message: jti }) => inbox.get(sender, jti) ?? [])];
}

/** Those of these messages, ended ones too. @param rows with each message all that corrects it */
export function clocksAmong(rooms: Rooms, rows: readonly InboxRow[]): AgencyClock[] {
  const said = rows.flatMap(({ sender, jti }) =>
    rooms.store.clocks.about(jti).filter((row) => row.sender === sender),
  );
  return join(rooms, replayRows(rooms, rows), said);
}

function join(rooms: Rooms, started: readonly Begun[], rows: readonly ClockRow[]): AgencyClock[] {
  const said = new Map(rows.map((row) => [clockKey(row), row]));
  const begun = new Map(started.map((one) => [clockKey(one), one]));
  const keys = new Set([...begun.keys(), ...said.keys()]);
  return [...keys].flatMap((key) => toClock(rooms, begun.get(key), said.get(key)) ?? []);
}

/** What people and the router said of a clock stands above what the inbox tells. */
function toClock(
  rooms: Rooms,
  begun: Begun | undefined,
  row: ClockRow | undefined,
): AgencyClock | undefined {
  const { term, sender, message } = begun ?? row ?? {};
  const begin = row?.begin ?? begun?.begin;
  if (!isTerm(term) || begin === undefined || !sender || !message) return undefined;
  const id = { term, sender, message };
  const extensions = row?.extensions ?? 0;
  const ended = endOf(rooms, { ...id, begin }, begun, row);
  return {
    ...id,
    begin,
    by: begun === undefined || isBegunAgain(begin, begun) ? 'verklaring' : 'ontvangst',
    extensions,
    end: endOfTerm(TERMS[term], begin, extensions),
    reminded: row?.reminded ?? null,
    ...(ended !== undefined && { ended }),
  };
}

/** By a word, after the message had begun it; the router's clock and ours may be a minute apart. */
const isBegunAgain = (begin: number, begun: Begun): boolean => begin > begun.begin + 60_000;

type Running = Pick<AgencyClock, 'term' | 'sender' | 'message' | 'begin'>;

function endOf(
  rooms: Rooms,
  clock: Running,
  begun: Begun | undefined,
  row: ClockRow | undefined,
): Ended | undefined {
  const ended = row?.ended ?? null;
  const dropped = droppedAt(rooms, clock, begun);
  const ends: Ended[] = [
    ...(ended === null ? [] : [{ at: ended, by: 'verklaring' as const }]),
    ...(dropped === undefined ? [] : [{ at: dropped, by: 'afwijzing' as const }]),
    ...answersTo(rooms, clock),
  ];
  return ends.sort((a, b) => a.at - b.at)[0];
}

/** A word that begins it again comes after the rejection. */
function droppedAt({ store }: Rooms, clock: Running, begun: Begun | undefined): number | undefined {
  const { sender, message, begin } = clock;
  if (begun !== undefined)
    return begun.dropped !== undefined && begun.dropped >= begin ? begun.dropped : undefined;
  const row = store.inbox.get(sender, message);
  return row?.state === 'afgewezen' && row.changed >= begin ? row.changed : undefined;
}

/** Messages of ours that refer to it or to a correction of it, of the type that ends this clock. */
function answersTo(rooms: Rooms, { term, sender, message, begin }: Running): Ended[] {
  const { eindigt }: TermEntry = TERMS[term];
  if (eindigt === 'verklaring') return [];
  const itself = { message, since: begin };
  return [itself, ...correctionsOf(rooms, sender, message)].flatMap((about) => {
    const since = Math.max(begin, about.since);
    const found = rooms.store.outbox.answerTo(about.message, eindigt.bericht, since);
    return found ? [{ at: found.stored, by: 'antwoord' as const, answer: found.jti }] : [];
  });
}

/** A later message of the same sender. */
export interface Correction {
  readonly message: Uuid7;
  /** Since when it was known to correct: all between the two had been received. */
  readonly since: number;
}

/** What corrects a message, and what corrects those. */
export function correctionsOf({ store }: Rooms, sender: Oin, message: Uuid7): Correction[] {
  const found: Correction[] = [];
  let last: Correction[] = [{ message, since: 0 }];
  for (let depth = 0; last.length > 0 && depth < MOST_CORRECTIONS; depth++) {
    last = last
      .flatMap((one) =>
        store.inbox
          .corrections(sender, one.message)
          .map(({ jti, received }) => ({ message: jti, since: Math.max(one.since, received) })),
      )
      .filter((one) => one.message !== message && !found.some((f) => f.message === one.message));
    found.push(...last);
  }
  return found;
}
