import type { Oin } from '../../schemas/ids.ts';
import type { Bus } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import { type Label, labelOf } from '../mailboxes.ts';

/** An item as it lies there. */
export interface Seen {
  readonly label: Label;
  /** Its place in the order of storing. */
  readonly seq: number;
  /** Bytes of its text. */
  readonly size: number;
  /** When it was stored, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * What lies in one mailbox beyond a place, oldest first, without its text. Nothing is lent or taken: who
 * collects gets it all the same.
 */
export async function* peek(bus: Bus, recipient: Oin, beyond: number): AsyncGenerator<Seen> {
  const filter = subjects.mailboxWhole(recipient);
  for await (const stored of bus.log('MAILBOX').list(filter, beyond + 1, { headersOnly: true })) {
    const { seq, size, at } = stored;
    yield { label: labelOf(stored), seq, size, at };
  }
}
