/** When what was not taken is brought again. */
import type { Prio } from '../../bus/subjects.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface Schedule {
  /** The waits after the first, second, … try, in milliseconds (Standard Webhooks); the last one goes on. */
  readonly waits: readonly number[];
  /** The least wait after a no that will hardly change by itself. */
  readonly slow: number;
  /** The longest that the whole endpoint is left alone, by lane. */
  readonly pause: Readonly<Record<Prio, number>>;
  /** Urgent items wait no longer than this for the next try. */
  readonly urgent: number;
  /** A notice may be lost, and a loan may end: the mailbox is looked at again after this long. */
  readonly look: number;
  /** And no sooner than this, when the item whose time it is is still on loan. */
  readonly soon: number;
}

export const SCHEDULE: Schedule = {
  waits: [
    5000,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
  ],
  slow: 30 * MINUTE,
  pause: { spoed: MINUTE, normaal: 5 * MINUTE },
  urgent: 5 * MINUTE,
  look: 15_000,
  soon: 1000,
};

/** What an endpoint may ask for at most, by Retry-After. */
const LONGEST_ASKED = HOUR;

/**
 * Retry-After (RFC 9110 §10.2.3): seconds, or an HTTP date.
 * @returns milliseconds, bounded; undefined when there is none that can be read
 */
export function readRetryAfter(text: unknown, now: number): number | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), LONGEST_ASKED) : undefined;
}

export interface Tried {
  readonly prio: Prio;
  /** How often it was tried, this time included. */
  readonly attempts: number;
  readonly slow: boolean;
  readonly askedMs?: number | undefined;
  /** Milliseconds until the message ends, when it does. */
  readonly leftMs?: number | undefined;
}

/** How long until the next try: never before the endpoint wants it, and while there is time once more before the end. */
export function waitAfter(schedule: Schedule, tried: Tried): number {
  const { attempts, prio, slow, askedMs = 0, leftMs } = tried;
  const { waits } = schedule;
  const planned = waits[Math.min(attempts, waits.length) - 1] ?? 0;
  const wanted = slow ? Math.max(planned, schedule.slow) : planned;
  const capped = prio === 'spoed' ? Math.min(wanted, schedule.urgent) : wanted;
  const bounded = leftMs === undefined || leftMs <= 0 ? capped : Math.min(capped, leftMs / 2);
  return Math.max(bounded, askedMs, Math.min(schedule.waits[0] ?? 0, capped));
}

/** How long the whole endpoint is left alone after so many failures in a row. */
export function pauseAfter(schedule: Schedule, prio: Prio, failures: number, askedMs = 0): number {
  const least = schedule.waits[0] ?? 0;
  const doubled = least * 2 ** Math.min(Math.max(0, failures - 1), 20);
  return Math.max(Math.min(doubled, schedule.pause[prio]), askedMs);
}
