/**
 * The hours that a suspect may be held for questioning: six, or nine for what may be punished with
 * custody on remand; from midnight to nine in the morning does not count (Wetboek van
 * Strafvordering art. 56a). A consultation on the ZSM desk must be answered within them.
 */
import { beginOf, dayAt, hourOf, plusDays } from './calendar.ts';

/** The clock stands still until this hour of the day. */
const MORNING = 9;

/** Where counting goes on at or after a moment, and until when: the next midnight. */
function countingFrom(at: number): { from: number; until: number } {
  const day = dayAt(at);
  return { from: Math.max(at, hourOf(day, MORNING)), until: beginOf(plusDays(day, 1)) };
}

/** Until when the clock stands still at a moment; undefined while it runs. */
export function standsStillUntil(at: number): number | undefined {
  const { from } = countingFrom(at);
  return from > at ? from : undefined;
}

/**
 * The moment at which so much time has been counted since `from`.
 * @param from milliseconds since 1970
 * @param counted milliseconds
 */
export function afterQuestioning(from: number, counted: number): number {
  let [at, left] = [from, counted];
  for (;;) {
    const span = countingFrom(at);
    if (span.from + left <= span.until) return span.from + left;
    left -= span.until - span.from;
    at = span.until;
  }
}

/** How much time counts between two moments, in milliseconds. */
export function countedBetween(from: number, to: number): number {
  let [at, counted] = [from, 0];
  while (at < to) {
    const span = countingFrom(at);
    counted += Math.max(0, Math.min(span.until, to) - span.from);
    at = span.until;
  }
  return counted;
}
