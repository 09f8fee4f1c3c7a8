import type { Raadpleging } from '../../schemas/generated/wire.ts';
import { afterQuestioning } from '../../schemas/questioning.ts';
import { QUESTIONING_HOURS } from '../../schemas/rules/consultation.ts';
import type { Consultation } from '../consultations.ts';

/** After which parts of the whole partners are reminded. */
const REMINDERS = [0.5, 0.75];
/** The end is the third moment; at the fourth what is kept of it goes. */
export const END = 3;
const HOUR = 3_600_000;
const KEPT = 30 * 24 * HOUR;

/** The moments of a consultation in order, in milliseconds: two reminders, the end, and when it is forgotten. */
export function momentsOf({ klok, aanvang, eind }: Raadpleging): readonly number[] {
  const [begin, end] = [aanvang * 1000, eind * 1000];
  const hours = QUESTIONING_HOURS[klok];
  const reminders = REMINDERS.map((part) =>
    hours === undefined
      ? begin + Math.floor((end - begin) * part)
      : afterQuestioning(begin, hours * HOUR * part),
  );
  return [...reminders, end, end + KEPT];
}

/** How many of its moments are past; one that was closed has come to its end. */
export function stepAt(consultation: Consultation, now: number): number {
  const passed = momentsOf(consultation).filter((at) => at <= now).length;
  return consultation.gesloten === undefined ? passed : Math.max(passed, END);
}

/** Whether it has ended and nobody has summed it up. */
export const mustBeSummedUp = (consultation: Consultation, now: number): boolean =>
  consultation.samengevat === undefined && stepAt(consultation, now) >= END;
