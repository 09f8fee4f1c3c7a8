/** How much time is left by the clock of a consultation, and when its partners are reminded. */
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import { afterQuestioning, countedBetween, standsStillUntil } from '../../schemas/questioning.ts';
import { QUESTIONING_HOURS } from '../../schemas/rules/consultation.ts';

const HOUR = 3_600_000;
/** After which parts of its time the router reminds whoever has not answered. */
const REMINDED = [0.5, 0.75];

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
  if (QUESTIONING_HOURS[klok] === undefined) return { counted: end - now };
  const stillUntil = standsStillUntil(now);
  return { counted: countedBetween(now, end), ...(stillUntil !== undefined && { stillUntil }) };
}

/** The moments of the two reminders, in milliseconds; the router goes by the same. */
export function remindersOf({ klok, aanvang, eind }: Raadpleging): number[] {
  const [begin, end] = [aanvang * 1000, eind * 1000];
  const hours = QUESTIONING_HOURS[klok];
  return REMINDED.map((part) =>
    hours === undefined
      ? begin + Math.floor((end - begin) * part)
      : afterQuestioning(begin, hours * HOUR * part),
  );
}
