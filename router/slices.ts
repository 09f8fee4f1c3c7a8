/** Work for hundreds of recipients, cut so that what is urgent gets a turn in between. */
import { setImmediate as letOthers } from 'node:timers/promises';

/** So many are begun before others are let in: some milliseconds of work. */
const SLICE = 16;

/**
 * Begins the work for all, some at a time, and waits for the whole; no slice waits for the one before.
 * @returns the results in order
 * @throws what the first that failed threw, when all have been begun
 */
export async function inSlices<T, R>(
  all: readonly T[],
  work: (one: T) => R | Promise<R>,
): Promise<R[]> {
  const begun: Promise<R>[] = [];
  for (let at = 0; at < all.length; at += SLICE) {
    if (at > 0) await letOthers();
    begun.push(...all.slice(at, at + SLICE).map(async (one) => work(one)));
    // One that fails now is told of below, and is not unheard of until then.
    for (const one of begun.slice(at)) one.catch(() => undefined);
  }
  return Promise.all(begun);
}
