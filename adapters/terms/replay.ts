/**
 * The clocks that messages began, found by going once more through what came and what was rejected,
 * in the order in which it happened: as the router does, so that both count the same clocks.
 */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import {
  beginsWith,
  MOST_CORRECTIONS,
  TERMS,
  type TermEntry,
  type TermId,
} from '../../schemas/terms.ts';
import type { Rooms } from '../rooms.ts';
import type { InboxRow } from '../store/inbox.ts';

/** Times are milliseconds since 1970. */
export interface Begun {
  readonly term: TermId;
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly begin: number;
  /** The messages that carry it: the one that it is about, and those that corrected it. */
  readonly carriers: ReadonlySet<Uuid7>;
  /** When the last of them was rejected. */
  readonly dropped?: number;
}

const ENTRIES = Object.entries(TERMS) as [TermId, TermEntry][];

/** Ended ones, too. @param since what was received before counts no longer */
export function replayClocks(rooms: Rooms, since: number): Begun[] {
  const types = new Set(
    ENTRIES.flatMap(([, { begint }]) => (begint === 'verklaring' ? [] : [begint.bericht])),
  );
  return replayRows(
    rooms,
    [...types].flatMap((type) => rooms.store.inbox.ofType(type, since)),
  );
}

/** As above, of these messages only: with each all that corrects it. */
export function replayRows(rooms: Rooms, rows: readonly InboxRow[]): Begun[] {
  const happenings = rows.flatMap((row) => [
    { at: row.received, row, isRejection: false },
    ...(row.state === 'afgewezen' ? [{ at: row.changed, row, isRejection: true }] : []),
  ]);
  const replay = new Replay(rooms);
  for (const { row, isRejection } of happenings.sort((a, b) => a.at - b.at)) {
    if (isRejection) replay.reject(row);
    else replay.receive(row);
  }
  return [...replay.clocks.values()];
}

class Replay {
  readonly clocks = new Map<string, Begun>();
  readonly #rooms: Rooms;
  readonly #held = new Map<string, InboxRow>();
  readonly #rejected = new Set<string>();

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  receive(row: InboxRow): void {
    const earlier = this.#correctedBy(row);
    this.#held.set(idOf(row), row);
    let begin: number | undefined;
    for (const [term, entry] of ENTRIES) {
      if (!beginsWith(entry, kindOf(row))) continue;
      begin ??= this.#beginOf(row);
      const runs = (one: InboxRow) =>
        !this.#rejected.has(idOf(one)) && beginsWith(entry, kindOf(one));
      if (!earlier.some(runs)) this.#begin(term, row, begin);
      else for (const one of earlier) this.#carry(term, one, (all) => new Set([...all, row.jti]));
    }
  }

  reject(row: InboxRow): void {
    this.#rejected.add(idOf(row));
    const without = (all: ReadonlySet<Uuid7>) => new Set([...all].filter((one) => one !== row.jti));
    for (const [term] of ENTRIES) {
      for (const one of [row, ...this.#correctedBy(row)])
        this.#carry(term, one, without, row.changed);
    }
  }

  /** What it corrects, the nearest first, as far as it had been received. */
  #correctedBy({ sender, replaces }: InboxRow): InboxRow[] {
    const found: InboxRow[] = [];
    for (let at = replaces; at !== null && found.length < MOST_CORRECTIONS; ) {
      const one = this.#held.get(idOf({ sender, jti: at }));
      if (one === undefined || found.includes(one)) break;
      found.push(one);
      at = one.replaces;
    }
    return found;
  }

  /** When we stated that we have it; not before it was made. */
  #beginOf({ sender, jti, issued, received }: InboxRow): number {
    const stated = this.#rooms.store.replies.arrived(sender, jti);
    return Math.max(issued * 1000, stated === undefined ? received : stated * 1000);
  }

  #begin(term: TermId, { sender, jti: message }: InboxRow, begin: number): void {
    const key = clockKey({ term, sender, message });
    this.clocks.set(key, { term, sender, message, begin, carriers: new Set([message]) });
  }

  #carry(
    term: TermId,
    { sender, jti: message }: InboxRow,
    change: (carriers: ReadonlySet<Uuid7>) => ReadonlySet<Uuid7>,
    at = 0,
  ): void {
    const key = clockKey({ term, sender, message });
    const clock = this.clocks.get(key);
    if (clock === undefined || clock.dropped !== undefined) return;
    const carriers = change(clock.carriers);
    this.clocks.set(key, { ...clock, carriers, ...(carriers.size === 0 && { dropped: at }) });
  }
}

const idOf = ({ sender, jti }: Pick<InboxRow, 'sender' | 'jti'>): string => `${sender} ${jti}`;

const kindOf = ({ type: berichttype, prio, withdraws }: InboxRow) => ({
  berichttype,
  prio,
  withdraws,
});

/** Which clock, as the key of a map. */
export const clockKey = (clock: {
  readonly term: string;
  readonly sender: string;
  readonly message: string;
}): string => `${clock.term} ${clock.sender} ${clock.message}`;
