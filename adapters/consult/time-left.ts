/** How much time is left by the clock of a consultation. */
import { questioningHours } from '../../schemas/consultation.ts';
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import { countedBetween, standsStillUntil } from '../../schemas/questioning.ts';
import { instant } from '../instant.ts';

export interface Left {
  /** Of time that counts, in milliseconds; 0 when it is over. */
  readonly counted: number;
  /** The clock stands still until this moment: the night does not count. */
  readonly stillUntil?: number;
}

/** @param now milliseconds */
export function timeLeft({ klok, eind }: Raadpleging, now: number): Left {
  const end = eind * 1000;
  if (now >= end) return { counted: 0 };
  if (questioningHours(klok) === undefined) return { counted: end - now };
  const stillUntil = standsStillUntil(now);
  return { counted: countedBetween(now, end), ...(stillUntil !== undefined && { stillUntil }) };
}

/** Time that is left, as people and systems are told it. */
export interface Resterend {
  /** Seconds that count. */
  readonly seconden: number;
  /** The clock stands still until this moment. */
  readonly staatStilTot?: string;
}

/** @param now milliseconds */
export function resterend(clock: Raadpleging, now: number): Resterend {
  const { counted, stillUntil } = timeLeft(clock, now);
  return {
    seconden: Math.floor(counted / 1000),
    ...(stillUntil !== undefined && { staatStilTot: instant(stillUntil) }),
  };
}
