/**
 * Whether what still lies in the router should have gone. Pure: facts and a time in, a verdict out, so
 * that sweep and report cannot disagree.
 */

import { STATES } from '../../schemas/states.ts';
import type { Label } from '../mailboxes.ts';
import type { KeptReceipt } from '../receipts.ts';
import { AFTER_END, AFTER_RECEIPT, LETTER_HORIZON, TRAFFIC } from './limits.ts';

/** Why its time is over. The words are those of the ledger. */
export type Why =
  /** A receipt settled it. */
  | 'afgehandeld'
  /** Its recipient could not open this very copy. */
  | 'onleesbaar'
  /** Its end has passed. */
  | 'verlopen'
  /** A message to a sender that nobody fetched in six months. */
  | 'zes-maanden'
  /** Of a dead letter: its message has its verdict. */
  | 'beslist';

export interface Due {
  readonly why: Why;
  /** Since when it might have been gone, in milliseconds since 1970. */
  readonly since: number;
  /** When it must be gone at the latest. */
  readonly latest: number;
}

/** As it lies there: what it says of itself, and when it was stored. */
export interface Lying extends Label {
  readonly at: number;
}

/**
 * @param receipts what was stated of this copy, oldest first
 * @returns undefined while it may stay
 */
export function judgeCopy(
  copy: Lying,
  receipts: readonly Pick<KeptReceipt, 'state' | 'at'>[],
  now: number,
): Due | undefined {
  const settled = receipts.find(({ state }) => STATES[state].settles);
  if (settled !== undefined)
    return due('afgehandeld', Math.max(settled.at, copy.at), AFTER_RECEIPT);
  // An older word is about an earlier copy; this one was sealed anew since.
  const unread = receipts.find(({ state, at }) => STATES[state].erases && at > copy.at);
  if (unread !== undefined) return due('onleesbaar', unread.at, AFTER_RECEIPT);
  const end = (copy.exp ?? 0) * 1000;
  return end <= now ? due('verlopen', end, AFTER_END) : undefined;
}

/** A receipt or an alarm on its way to its addressee: traffic data. */
export const judgeNotice = ({ at }: Pick<Lying, 'at'>, now: number): Due | undefined =>
  at + TRAFFIC <= now ? due('zes-maanden', at + TRAFFIC, 0) : undefined;

/** @param decided since when nothing is left to do for its message, in milliseconds since 1970; undefined while something is */
export function judgeLetter(
  letter: { readonly parkedAt: number },
  decided: number | undefined,
  now: number,
): Due | undefined {
  if (decided !== undefined)
    return due('beslist', Math.max(decided, letter.parkedAt), AFTER_RECEIPT);
  const end = letter.parkedAt + LETTER_HORIZON;
  return end <= now ? due('verlopen', end, AFTER_END) : undefined;
}

const due = (why: Why, since: number, within: number): Due => ({
  why,
  since,
  latest: since + within,
});
