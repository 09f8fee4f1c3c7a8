/** Which receipts cannot be true together. Both are kept, and shown as such. */
import { mayFollow, type State } from '../schemas/states.ts';

interface Stated {
  readonly state: State;
  readonly recipient: string | null;
  readonly counted: number;
}

/** Whether a receipt contradicts one that came before: about the same copy, and neither state may follow the other. */
export function contradicts(earlier: readonly Stated[], receipt: Stated): boolean {
  return earlier.some(
    (one) =>
      one.counted === 1 &&
      one.state !== receipt.state &&
      isAboutTheSame(one, receipt) &&
      !mayFollow(one.state, receipt.state) &&
      !mayFollow(receipt.state, one.state),
  );
}

/** What is said of the message as a whole is said of each copy. */
const isAboutTheSame = (a: Stated, b: Stated): boolean =>
  a.recipient === b.recipient || a.recipient === null || b.recipient === null;
