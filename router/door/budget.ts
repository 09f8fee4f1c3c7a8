/**
 * How fast one agency may ask: a bucket of tokens for each agency and lane, so that its flood uses
 * up its own budget, and its normal messages never use up that of its urgent ones.
 */
import { LRUCache } from 'lru-cache';
import type { Rate } from './settings.ts';

export interface Budget {
  /** Takes one token. @returns 0, or the whole seconds until there is one again */
  spend(agency: string): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A bucket that is forgotten starts full again: there must be room for every agency. */
const AGENCIES = 10_000;

/** @param timer monotonic milliseconds */
export function newBudget(rate: Rate, timer: { now(): number } = performance): Budget {
  const buckets = new LRUCache<string, Bucket>({ max: AGENCIES });
  return {
    spend(agency) {
      const now = timer.now();
      const { tokens, at } = buckets.get(agency) ?? { tokens: rate.burst, at: now };
      const full = Math.min(rate.burst, tokens + ((now - at) / 1000) * rate.perSecond);
      const left = full >= 1 ? full - 1 : full;
      buckets.set(agency, { tokens: left, at: now });
      return full >= 1 ? 0 : Math.ceil((1 - full) / rate.perSecond);
    },
  };
}

/** How many things of one agency may be under way at the same time. */
export interface Places {
  /** @returns how to give the place back (once), or undefined when all are taken */
  take(agency: string): (() => void) | undefined;
}

export function newPlaces(perAgency: number): Places {
  const taken = new Map<string, number>();
  return {
    take(agency) {
      const now = taken.get(agency) ?? 0;
      if (now >= perAgency) return undefined;
      taken.set(agency, now + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const rest = (taken.get(agency) ?? 1) - 1;
        if (rest > 0) taken.set(agency, rest);
        else taken.delete(agency);
      };
    },
  };
}
