/** Changing one record of a bucket while other pipelines change it too: by compare-and-swap, until it holds. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bucket } from './bus/bus.ts';

/** A hundred may change it in the same moment, and each try lets one of them through. */
const TRIES = 250;
/** The longest wait before another try, in milliseconds: each another, so that they come apart. */
const LONGEST_MS = 40;

/**
 * Stored when it resolves.
 * @param how what is to be made of it; undefined = leave it as it is. Called again when another was first
 * @throws BusFault, or an error when others change it without end
 */
export async function changeRecord(
  bucket: Pick<Bucket, 'get' | 'swap'>,
  key: string,
  how: (found: Uint8Array | undefined) => Uint8Array | undefined,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await bucket.get(key);
    const value = how(found?.value);
    if (value === undefined) return;
    const result = await bucket.swap(key, value, found?.revision ?? 0);
    if (typeof result === 'number') return;
    await pause(Math.random() * Math.min(LONGEST_MS, 2 * tries));
  }
  throw new Error('a record is changed by others without end');
}
