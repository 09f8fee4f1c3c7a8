/** Waiting for something to become so, never for a time to pass. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until the answer is something. The bound is for what never comes: a busy
 * machine may take twenty times as long as a quiet one.
 * @throws Error naming what was waited for, when it does not come in time
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  seconds = 100,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (let wait = 20; ; wait = Math.min(wait * 1.5, 250)) {
    const asked = performance.now();
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    // A question that costs a process half a second is not asked without a break.
    await pause(Math.max(wait, performance.now() - asked));
  }
}
