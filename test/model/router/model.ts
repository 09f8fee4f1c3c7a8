/** What should be true of the router: messages, the copy of each recipient, and what was stated. */

import type { RouteAnswer } from '../../../router/questions.ts';
import type { Uuid7 } from '../../../schemas/ids.ts';
import { STATES, type State } from '../../../schemas/states.ts';

export const RECIPIENTS = ['vt', 'reclassering', 'rvdk'] as const;
export type Recipient = (typeof RECIPIENTS)[number];

/** `maybe` after a fall: it may or may not have got as far as that. */
export type Known = boolean | 'maybe';

export interface Copy {
  /** It lies in the mailbox. */
  waits: Known;
  /** It was taken out behind the router's back, and not stored again since. */
  lost: boolean;
  /** The recipient has opened it, and so has the message. */
  opened: boolean;
  /** Taken from the mailbox, not to be had again until the lease is over. */
  onLoan: boolean;
  /** What was stated and answered with a yes. */
  readonly stated: Set<State>;
  /** What was being stated when the pipeline died. */
  readonly maybe: Set<State>;
  /** Receipts of the recipient, by state, in order; the last of a state may be owed. */
  readonly receipts: { readonly state: State; readonly jws: string; owed: boolean }[];
}

export interface Message {
  readonly name: string;
  readonly jti: Uuid7;
  readonly jws: string;
  /** Seconds. */
  readonly exp: number;
  /** One that the router will refuse. */
  readonly bad: boolean;
  readonly to: readonly Recipient[];
  /** The first answer that was not a fault of the router: it stands for good. */
  answer: RouteAnswer | undefined;
  /** It was offered, and no more is known. */
  begun: boolean;
  readonly copies: Map<Recipient, Copy>;
}

export interface Model {
  readonly messages: Message[];
  readonly suspended: Set<Recipient>;
  /** Seconds since 1970, by the clock that both share. */
  now(): number;
}

export const newCopy = (): Copy => ({
  waits: false,
  lost: false,
  opened: false,
  onLoan: false,
  stated: new Set(),
  maybe: new Set(),
  receipts: [],
});

export const hasEnded = (model: Model, { exp }: Message): boolean => exp <= model.now();

export const isSettled = ({ stated }: Copy): boolean =>
  [...stated].some((state) => STATES[state].settles);

const maySettle = ({ maybe }: Copy): boolean => [...maybe].some((state) => STATES[state].settles);

/** The message was accepted now, or again: whoever has neither copy nor last word gets a copy. */
export function acceptCopies(message: Message, ended: boolean, firstTime: boolean): void {
  if (ended && !firstTime) return;
  for (const copy of message.copies.values()) {
    if (isSettled(copy) || copy.waits === true) continue;
    copy.waits = maySettle(copy) ? 'maybe' : true;
    copy.lost = false;
    copy.onLoan = false;
  }
}

/** The pipeline died over an offer. */
export function doubtCopies(message: Message): void {
  for (const copy of message.copies.values()) {
    if (!isSettled(copy) && copy.waits === false) copy.waits = 'maybe';
  }
}

/** A receipt of the recipient was answered with a yes. */
export function count(copy: Copy, state: State, isNews: boolean): void {
  copy.stated.add(state);
  copy.maybe.delete(state);
  if (STATES[state].erases && (isNews || STATES[state].settles)) {
    copy.waits = false;
    copy.onLoan = false;
  }
}
