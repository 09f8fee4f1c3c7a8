import { LRUCache } from 'lru-cache';

/** How many faults of ours befell each message in this process: the third parks it as a dead letter. */
export interface FaultCounts {
  /** One more. @returns how many there have been */
  add(key: string): number;
  /** The message went through after all. */
  forget(key: string): void;
}

/** Enough to be parked; also the number after which counting starts anew. */
export const FAULTS_TO_PARK = 3;

export function openFaultCounts(): FaultCounts {
  const counts = new LRUCache<string, number>({ max: 10_000 });
  return {
    add(key) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },
    forget: (key) => void counts.delete(key),
  };
}
