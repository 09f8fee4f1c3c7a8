/** How often somebody may ask in a minute, by the certificate that is shown. */
import { LRUCache } from 'lru-cache';

const MINUTE = 60_000;
/** A person who fetches what an event points to asks a few times a minute; a system some more. */
const MOST = 120;
/** Whom nobody knows costs more: each refusal is a row in the store. */
const STRANGER = 20;
const REMEMBERED = 2_000;

interface Count {
  since: number;
  spent: number;
}

export class Visits {
  readonly #counts = new LRUCache<string, Count>({ max: REMEMBERED });

  /** @returns `first` when this is the first one too many in its minute */
  enter(who: string, now: number): 'welcome' | 'first' | 'more' {
    const count = this.#of(who, now);
    count.spent += 1;
    if (count.spent <= MOST) return 'welcome';
    const isFirst = count.spent - 1 <= MOST;
    return isFirst ? 'first' : 'more';
  }

  /** It turned out to be nobody that is known. */
  charge(who: string, now: number): void {
    const count = this.#of(who, now);
    // Not beyond the limit: the next one is to be the first too many.
    count.spent = Math.min(count.spent + STRANGER - 1, MOST);
  }

  #of(who: string, now: number): Count {
    const known = this.#counts.get(who);
    if (known !== undefined && Math.abs(now - known.since) < MINUTE) return known;
    const fresh = { since: now, spent: 0 };
    this.#counts.set(who, fresh);
    return fresh;
  }
}
