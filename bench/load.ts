/**
 * Two ways to load a path. `saturate` keeps a fixed number of messages on their way, which finds
 * the top rate. `arrive` starts messages by the clock, whether or not earlier ones have come
 * through, and counts each from the moment that it was due: a path that stalls is charged for all
 * that had to wait (no coordinated omission).
 */
import { setTimeout as pause } from 'node:timers/promises';

/** Sends one message and resolves with the time, in ms since 1970, at which its end was known. */
export type Send = () => Promise<number>;

export interface Passed {
  /** Ms since 1970: when it was sent, or due. */
  readonly from: number;
  readonly to: number;
}

export const clock = (): number => performance.timeOrigin + performance.now();

/** Keeps `window` messages on their way until `count` have been sent and come through. */
export async function saturate(
  send: Send,
  { window, count }: { window: number; count: number },
  progress: (done: number) => void = () => {},
): Promise<Passed[]> {
  const passed: Passed[] = [];
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      const from = clock();
      passed.push({ from, to: await send() });
      progress(passed.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane));
  return passed;
}

/** Starts `count` messages at `rate` a second, at moments that are fixed beforehand. */
export async function arrive(
  send: Send,
  { rate, count }: { rate: number; count: number },
  progress: (done: number) => void = () => {},
): Promise<Passed[]> {
  const start = clock() + 20;
  const passed: Passed[] = [];
  const one = async (from: number) => {
    passed.push({ from, to: await send() });
    progress(passed.length);
  };
  const all: Promise<void>[] = [];
  for (const due of moments(start, rate, count)) {
    const wait = due - clock();
    if (wait > 0) await pause(wait);
    all.push(one(due));
  }
  await Promise.all(all);
  return passed;
}

/** Independent arrivals (Poisson), the same ones at each run. */
function moments(start: number, rate: number, count: number): number[] {
  const random = dice(1);
  let at = start;
  return Array.from({ length: count }, () => {
    at -= (Math.log(1 - random()) * 1000) / rate;
    return at;
  });
}

/** Numbers below one in an order that is always the same (Lehmer's generator). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/**
 * Messages a second that came through, leaving out the begin and the end, where the window fills
 * and empties.
 */
export function rateOf(passed: readonly Passed[]): number {
  const ends = passed.map(({ to }) => to).sort((a, b) => a - b);
  const [from, to] = [Math.floor(ends.length * 0.1), Math.ceil(ends.length * 0.9) - 1];
  return ((to - from) * 1000) / ((ends[to] ?? 0) - (ends[from] ?? 0));
}

export const delaysOf = (passed: readonly Passed[]): number[] =>
  passed.map(({ from, to }) => to - from);
