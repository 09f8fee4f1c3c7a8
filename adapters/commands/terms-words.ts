/** How clocks are named on the command line, and their times told: in Dutch time, as the law counts. */
import { dayAt } from '../../schemas/calendar.ts';
import { CommandError } from '../../schemas/command.ts';
import { isTerm, TERMS, type TermId } from '../../schemas/terms.ts';
import { instant, shortly } from '../instant.ts';
import { messageOf } from './words.ts';

/** @throws CommandError usage, with the terms that there are */
export function readTerm(term: string): TermId {
  if (isTerm(term)) return term;
  const next = `Use one of ${Object.keys(TERMS).join(', ')}.`;
  throw new CommandError('usage', `there is no term ${term}`, next);
}

/** @param message SENDER/ID @throws CommandError usage */
export const readClock = (term: string, message: string) => ({
  klok: readTerm(term),
  ...messageOf(message),
});

const WEEKDAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  weekday: 'short',
});

/** `Thu 2027-03-25 09:00`: with the day of the week, for where days are counted. @param at an instant */
export const dutchTime = (at: string): string => `${WEEKDAY.format(Date.parse(at))} ${shortly(at)}`;

/**
 * What people read as the end: of a day its last minute, for they read midnight as the day after; of a
 * clock of hours the minute itself. @param end milliseconds since 1970
 */
export const lastMinute = (end: number): number =>
  dayAt(end - 1) === dayAt(end) ? end : end - 60_000;

const saidEnd = (end: string): string => instant(lastMinute(Date.parse(end)));

export const dutchEnd = (end: string): string => dutchTime(saidEnd(end));

/** `2027-03-25`: in a list the last day alone, where it counts whole. */
export const shortEnd = (end: string): string => shortly(saidEnd(end)).replace(/ 23:59$/, '');

/** `Thu 2027-03-25`. @param day `YYYY-MM-DD` */
export const dutchDay = (day: string): string => dutchTime(`${day}T12:00:00Z`).slice(0, -6);

export const left = (ms: number): string => {
  const hours = Math.floor(Math.abs(ms) / 3_600_000);
  const text = hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
  return ms < 0 ? `OVERDUE ${text}` : text;
};
