/**
 * When a message is offered again. The same id every time: until the router has it, then until every
 * recipient's receipt is in, and no longer than the router would take it. When it can be offered no
 * more, and for a while after it was settled, the router is asked what it knows.
 */
import { SENT } from '../schemas/sent.ts';
import type { OutboxState, Prio } from './store/outbox.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The router refuses what was signed longer ago (docs/wire.md). */
export const OLDEST_OFFER = 5 * DAY;
/** How long after its end a receipt is waited for before the sender is told that none came. */
export const GRACE = 10 * MINUTE;
/** So long after its end the router remembers a message, and can be asked about it. */
export const REMEMBERED = 30 * DAY;
/** Each wait is made up to this much shorter or longer, so that adapters do not march in step. */
export const JITTER = 0.2;

/** The waits after each attempt; the last one repeats. */
export const STEPS: Readonly<
  Record<'offer' | 'confirm' | 'handover', Readonly<Record<Prio, readonly number[]>>>
> = {
  // The router has not said that it has the message.
  offer: {
    spoed: [1, 5, 15, 60, 300].map((s) => s * SECOND),
    normaal: [5, 30, 120, 600, 3600].map((s) => s * SECOND),
  },
  // It has; receipts of recipients are missing.
  confirm: {
    spoed: [10, 30, 120, 600].map((s) => s * SECOND),
    normaal: [30, 120, 600, 3600].map((s) => s * SECOND),
  },
  // Received, and the agency's own system does not take it.
  handover: {
    spoed: [1, 5, 15, 60, 300].map((s) => s * SECOND),
    normaal: [5, 30, 120, 600, 3600].map((s) => s * SECOND),
  },
};

/** The waits between questions about a message that is settled, or past its end; the last one repeats. */
export const QUESTIONS: readonly number[] = [1, 6, 24, 48, 96, 192].map((h) => h * HOUR);

export type Phase = keyof typeof STEPS;

/**
 * @param step how many waits there were in this phase before
 * @param random from 0 to 1
 * @param longest milliseconds that no step is longer than
 */
export function waitFor(
  phase: Phase,
  prio: Prio,
  step: number,
  random = Math.random(),
  longest = HOUR,
): number {
  const steps = STEPS[phase][prio];
  const wait = Math.min(steps[Math.min(step, steps.length - 1)] ?? HOUR, longest);
  return Math.round(wait * (1 - JITTER + 2 * JITTER * random));
}

/** As waitFor, for an agency that may have set a longest wait of its own. */
export const waitOf = (
  { longestWaitMs }: { readonly longestWaitMs?: number },
  phase: Phase,
  prio: Prio,
  step: number,
): number => waitFor(phase, prio, step, undefined, longestWaitMs);

interface Life {
  readonly state: OutboxState;
  /** Seconds. */
  readonly issued: number;
  readonly expires: number;
}

/** Until when a message may be offered, in milliseconds. */
export const lastOffer = ({ issued, expires }: Life): number =>
  Math.min(expires * SECOND, issued * SECOND + OLDEST_OFFER);

/** When nothing more is waited for: the sender must be told that it is not known to have arrived. */
export const endOf = (life: Life): number =>
  life.state === 'ingediend' ? lastOffer(life) : life.expires * SECOND + GRACE;

/** The time for the next look at a message: an offer while there may be one, then questions, then its end. */
export function nextLook(life: Life, now: number, wait: number): number {
  if (now + wait < lastOffer(life)) return now + wait;
  return Math.max(Math.min(endOf(life), now + Math.max(wait, HOUR)), now);
}

/** When to ask again about a message that is offered no more; null when the router will have forgotten it. */
export function nextQuestion(life: Life, now: number, step: number): number | null {
  const wait = QUESTIONS[Math.min(step, QUESTIONS.length - 1)] ?? DAY;
  return now + wait < life.expires * SECOND + REMEMBERED ? now + wait : null;
}

/** What is to be done with a message whose time has come. */
export function planFor(life: Life, now: number): 'offer' | 'ask' | 'end' {
  if (!SENT[life.state].offers) return 'ask';
  if (now >= endOf(life)) return 'end';
  return now < lastOffer(life) ? 'offer' : 'ask';
}
