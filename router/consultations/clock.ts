import { remindersOf } from '../../schemas/consultation.ts';
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import type { Consultation } from '../consultations.ts';

/** The end is the third moment; at the fourth what is kept of it goes. */
export const END = 3;
const KEPT_MS = 30 * 24 * 3_600_000;

/** The moments of a consultation in order, in milliseconds: two reminders, the end, and when it is forgotten. */
export function momentsOf(clock: Raadpleging): readonly number[] {
  const end = clock.eind * 1000;
  return [...remindersOf(clock), end, end + KEPT_MS];
}

/** How many of its moments are past; one that was closed has come to its end. */
export function stepAt(consultation: Consultation, now: number): number {
  const passed = momentsOf(consultation).filter((at) => at <= now).length;
  return consultation.gesloten === undefined ? passed : Math.max(passed, END);
}

/** Whether it has ended and nobody has summed it up. */
export const mustBeSummedUp = (consultation: Consultation, now: number): boolean =>
  consultation.samengevat === undefined && stepAt(consultation, now) >= END;
