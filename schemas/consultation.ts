/**
 * A consultation as both ends of it count: one question to several partners under a clock. When that
 * clock ends by the law, when partners are reminded, and what is an answer.
 */
import type { Raadpleging } from './generated/wire.ts';
import { afterQuestioning } from './questioning.ts';

/** What counts as an answer, when it refers to the question in the same conversation. */
export const ANSWERS: ReadonlySet<string> = new Set([
  'uitslag-check-op-bekendheid',
  'uitkomst-casusinformatie',
]);

const HOUR = 3_600_000;
const HOURS: Readonly<Record<string, number>> = { 'zsm-6': 6, 'zsm-9': 9 };
/** After which parts of the whole partners that owe an answer are reminded. */
const REMINDED = [0.5, 0.75];

/** Hours of questioning of a clock of the law (Sv art. 56a); undefined of any other. */
export const questioningHours = (klok: string): number | undefined =>
  // Names that every object has, such as `constructor`, are no clocks.
  Object.hasOwn(HOURS, klok) ? HOURS[klok] : undefined;

/** When the clock ends by the law, in seconds; undefined when the asker sets it. */
export function lawfulEnd({ klok, aanvang }: { klok: string; aanvang: number }) {
  const hours = questioningHours(klok);
  return hours && Math.ceil(afterQuestioning(aanvang * 1000, hours * HOUR) / 1000);
}

/** The moments of the two reminders, in milliseconds. */
export function remindersOf({ klok, aanvang, eind }: Raadpleging): number[] {
  const [begin, end] = [aanvang * 1000, eind * 1000];
  const hours = questioningHours(klok);
  return REMINDED.map((part) =>
    hours === undefined
      ? begin + Math.floor((end - begin) * part)
      : afterQuestioning(begin, hours * HOUR * part),
  );
}
