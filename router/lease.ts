/**
 * A lease: one process at a time does what only one may do. It keeps two from working against
 * each other; it is not what keeps the work right, because clocks differ. That is the business of a
 * fence on each write.
 */
import type { Clock } from '../schemas/clock.ts';
import type { Bucket } from './bus/bus.ts';

export interface Lease {
  /** Takes the lease if it is free, renews it when it is due. @returns whether it is ours now */
  hold(): Promise<boolean>;
  /** Gives it back, so that another need not wait for its end. */
  release(): Promise<void>;
}

interface Holding {
  readonly holder: string;
  /** Milliseconds since 1970; 0 = given back. */
  readonly until: number;
}

export function openLease(options: {
  readonly bucket: Bucket;
  readonly key: string;
  /** Names this process, anew at each start. */
  readonly holder: string;
  readonly lengthMs: number;
  readonly clock: Clock;
}): Lease {
  const { bucket, key, holder, lengthMs, clock } = options;
  let until = 0;

  const write = async (revision: number, end: number): Promise<boolean> => {
    const value = Buffer.from(JSON.stringify({ holder, until: end } satisfies Holding));
    const ours = typeof (await bucket.swap(key, value, revision)) === 'number';
    until = ours ? end : 0;
    return ours;
  };
  // One that seems to run for much longer was written before a clock was put back: its holder may be gone.
  const isRunning = (holding: Holding, now: number): boolean =>
    holding.until > now && holding.until - now <= 2 * lengthMs;
  const hold = async (): Promise<boolean> => {
    const now = clock.now();
    const left = until - now;
    // More than a whole lease is left only after our clock was put back: then it is renewed.
    if (left > (lengthMs * 2) / 3 && left <= lengthMs) return true;
    const found = await bucket.get(key);
    const holding = readHolding(found?.value);
    if (holding !== undefined && holding.holder !== holder && isRunning(holding, now)) {
      until = 0;
      return false;
    }
    return write(found?.revision ?? 0, now + lengthMs);
  };
  const release = async (): Promise<void> => {
    const found = await bucket.get(key);
    if (found === null || readHolding(found.value)?.holder !== holder) return;
    await write(found.revision, 0);
  };
  return { hold, release };
}

function readHolding(value: Uint8Array | undefined): Holding | undefined {
  return value === undefined ? undefined : JSON.parse(Buffer.from(value).toString());
}
