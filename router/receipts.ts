/**
 * The receipts that counted, each kept as it was signed: one for each message, copy and state that
 * settles it. Of the message as a whole the copy is the router's own OIN.
 */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { COPY_STATES, type State } from '../schemas/states.ts';
import { type Bus, isConflict, type Log, type Stored } from './bus/bus.ts';
import { readReceipt, subjects } from './bus/subjects.ts';

export interface KeptReceipt {
  /** Whose copy it is about. */
  readonly copy: Oin;
  readonly state: State;
  readonly jws: string;
  /** When it was kept, in milliseconds since 1970. */
  readonly at: number;
}

export class Receipts {
  readonly #log: Log;

  constructor(bus: Bus) {
    this.#log = bus.log('RECEIPT');
  }

  /** @returns the receipt that is kept for this fact: the given one, or the one that came first */
  async keep(sender: Oin, jti: Uuid7, copy: Oin, state: State, jws: string): Promise<string> {
    const subject = subjects.receipt(sender, jti, copy, state);
    const result = await this.#log.put(subject, Buffer.from(jws), { expect: 0 });
    if (!isConflict(result)) return jws;
    const first = await this.find(sender, jti, copy, state);
    if (first === undefined) throw new Error('a receipt is there and is not there');
    return first;
  }

  /** Keeps one more of a state that can be stated anew, of a copy that was sealed anew. */
  async add(sender: Oin, jti: Uuid7, copy: Oin, state: State, jws: string): Promise<void> {
    await this.#log.put(subjects.receipt(sender, jti, copy, state), Buffer.from(jws));
  }

  async find(sender: Oin, jti: Uuid7, copy: Oin, state: State): Promise<string | undefined> {
    const stored = await this.#log.last(subjects.receipt(sender, jti, copy, state));
    return stored === null ? undefined : textOf(stored);
  }

  /** Those that state this of a copy, the first MOST_ANEW: more than one only where it can be stated anew. */
  async all(sender: Oin, jti: Uuid7, copy: Oin, state: State): Promise<string[]> {
    const found: string[] = [];
    const subject = subjects.receipt(sender, jti, copy, state);
    for (let from = 1; found.length < MOST_ANEW; ) {
      const stored = await this.#log.next(from, subject);
      if (stored === null) return found;
      found.push(textOf(stored));
      from = stored.seq + 1;
    }
    return found;
  }

  /**
   * Receipts under a filter since a moment (milliseconds), in the order in which they were kept.
   * @param after the place after which to go on; 0 to begin
   * @returns `more`: the place to go on after, when there may be more
   */
  async since(
    filter: string,
    at: number,
    after: number,
  ): Promise<{ jws: string[]; more?: number }> {
    const from = after > 0 ? after + 1 : await placeOf(this.#log, at);
    const jws: string[] = [];
    for await (const stored of this.#log.list(filter, Math.max(from, 1))) {
      jws.push(textOf(stored));
      if (jws.length === PAGE) return { jws, more: stored.seq };
    }
    return { jws };
  }

  /**
   * The last of each state of these copies, in the order in which they were kept. Looked up one by
   * one: a filter would have the broker walk over the receipts of months.
   */
  async of(sender: Oin, jti: Uuid7, copies: readonly Oin[]): Promise<KeptReceipt[]> {
    const wanted = copies.flatMap((copy) =>
      COPY_STATES.map((state) => this.#log.last(subjects.receipt(sender, jti, copy, state))),
    );
    const stored = (await Promise.all(wanted)).filter((one) => one !== null);
    return stored.sort((a, b) => a.seq - b.seq).map(read);
  }
}

/** How often what can be stated anew of one copy is kept: each is passed on, and looked through for the next. */
export const MOST_ANEW = 20;
/** How many receipts one look through history gives at most. */
const PAGE = 200;

/** The place in the stream of the first receipt that was kept at or after a moment (milliseconds): by halving. */
async function placeOf(log: Log, at: number): Promise<number> {
  const { first, last } = await log.state();
  let [low, high] = [first, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await log.next(middle);
    if (found !== null && found.at < at) low = found.seq + 1;
    else high = middle;
  }
  return low;
}

const textOf = ({ data }: Stored): string => Buffer.from(data).toString();

const read = (stored: Stored): KeptReceipt => ({
  ...readReceipt(stored.subject),
  jws: textOf(stored),
  at: stored.at,
});
