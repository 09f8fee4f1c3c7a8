/** How clocks are named on the command line, and their times told: in Dutch time, as the law counts. */
import { dayAt } from '../../schemas/calendar.ts';
import { CommandError } from '../../schemas/command.ts';
import { isTerm, TERMS, type TermId } from '../../schemas/terms.ts';
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

const DUTCH = new Intl.DateTimeFormat('nl-NL', {
  timeZone: 'Europe/Amsterdam',
  ...({ weekday: 'short', day: '2-digit', month: '2-digit', year: 'numeric' } as const),
  ...({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const),
});

/** `do 25-03-2027 09:00`. @param at an instant */
export function dutchTime(at: string): string {
  const parts = DUTCH.formatToParts(Date.parse(at));
  const { weekday, day, month, year, hour, minute } = Object.fromEntries(
    parts.map(({ type, value }) => [type, value]),
  );
  return `${weekday} ${day}-${month}-${year} ${hour}:${minute}`;
}

/**
 * What people read as the end: of a day its last minute, for they read midnight as the day after; of a
 * clock of hours the minute itself. @param end milliseconds since 1970
 */
export const lastMinute = (end: number): number =>
  dayAt(end - 1) === dayAt(end) ? end : end - 60_000;

export const dutchEnd = (end: string): string =>
  dutchTime(new Date(lastMinute(Date.parse(end))).toISOString());

/** In a list the last day alone, where it counts whole. */
export const shortEnd = (end: string): string => dutchEnd(end).replace(/ 23:59$/, '');

/** `do 25-03-2027`. @param day `YYYY-MM-DD` */
export const dutchDay = (day: string): string =>
  dutchTime(`${day}T12:00:00Z`).split(' ').slice(0, 2).join(' ');

export const left = (ms: number): string => {
  const hours = Math.floor(Math.abs(ms) / 3_600_000);
  const text = hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
  return ms < 0 ? `OVERDUE ${text}` : text;
};
