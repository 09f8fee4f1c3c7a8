/**
 * The receipts that counted, each kept as it was signed: one for each message, copy and state that
 * settles it. Of the message as a whole the copy is the router's own OIN.
 */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import type { State } from '../schemas/states.ts';
import { type Bus, isConflict, type Stored } from './bus/bus.ts';
import { readReceipt, subjects } from './bus/subjects.ts';

export interface KeptReceipt {
  /** Whose copy it is about. */
  readonly copy: Oin;
  readonly state: State;
  readonly jws: string;
  /** When it was kept, in milliseconds since 1970. */
  readonly at: number;
}

export interface Receipts {
  /** @returns the receipt that is kept for this fact: the given one, or the one that came first */
  keep(sender: Oin, jti: Uuid7, copy: Oin, state: State, jws: string): Promise<string>;
  /** Keeps one more of a state that can be stated anew, of a copy that was sealed anew. */
  add(sender: Oin, jti: Uuid7, copy: Oin, state: State, jws: string): Promise<void>;
  find(sender: Oin, jti: Uuid7, copy: Oin, state: State): Promise<string | undefined>;
  /** All of one message, or of one copy of it, in the order in which they were kept. */
  of(sender: Oin, jti: Uuid7, copy?: Oin): Promise<KeptReceipt[]>;
}

export function openReceipts(bus: Bus): Receipts {
  const log = bus.log('RECEIPT');
  const find: Receipts['find'] = async (sender, jti, copy, state) => {
    const stored = await log.last(subjects.receipt(sender, jti, copy, state));
    return stored === null ? undefined : textOf(stored);
  };
  return {
    find,
    async keep(sender, jti, copy, state, jws) {
      const subject = subjects.receipt(sender, jti, copy, state);
      const result = await log.put(subject, Buffer.from(jws), { expect: 0 });
      if (!isConflict(result)) return jws;
      const first = await find(sender, jti, copy, state);
      if (first === undefined) throw new Error('a receipt is there and is not there');
      return first;
    },
    async add(sender, jti, copy, state, jws) {
      await log.put(subjects.receipt(sender, jti, copy, state), Buffer.from(jws));
    },
    async of(sender, jti, copy) {
      const found: KeptReceipt[] = [];
      const filter =
        copy === undefined
          ? subjects.receiptsOf(sender, jti)
          : subjects.receiptsOfCopy(sender, jti, copy);
      for (let from = 1; ; ) {
        const stored = await log.next(from, filter);
        if (stored === null) return found;
        found.push(read(stored));
        from = stored.seq + 1;
      }
    },
  };
}

const textOf = ({ data }: Stored): string => Buffer.from(data).toString();

const read = (stored: Stored): KeptReceipt => ({
  ...readReceipt(stored.subject),
  jws: textOf(stored),
  at: stored.at,
});
