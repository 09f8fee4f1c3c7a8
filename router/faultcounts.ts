import { LRUCache } from 'lru-cache';

/** The faults of ours that befell each message in this process, by their kinds: enough of them park it as a dead letter. */
export interface FaultCounts {
  /** One more. @returns the kinds of all that there have been, in order */
  add(key: string, kind: string): readonly string[];
  /** The message went through after all, or was parked: counting starts anew. */
  forget(key: string): void;
}

export function openFaultCounts(): FaultCounts {
  const kinds = new LRUCache<string, readonly string[]>({ max: 10_000 });
  return {
    add(key, kind) {
      const all = [...(kinds.get(key) ?? []), kind];
      kinds.set(key, all);
      return all;
    },
    forget: (key) => void kinds.delete(key),
  };
}
