/** Moments as people at a desk say and read them: Dutch time, and the date only where it is another day. */
import { dayAt, endOfDay, hourOf, plusDays } from '../../schemas/calendar.ts';
import { shortly } from '../instant.ts';

const MINUTE = 60_000;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})$/;

/**
 * Reads `22:10` (the last time that it was, or with `ahead` the next time that it is), `2026-03-02T22:10`
 * (Dutch time) or a moment with its zone.
 * @param now milliseconds
 * @returns milliseconds; undefined when it is none of these
 */
export function readTime(said: string, now: number, ahead = false): number | undefined {
  const text = said.trim();
  const [, day, time] = LOCAL.exec(text) ?? [];
  if (day !== undefined && time !== undefined) {
    return CLOCK.test(time) && !Number.isNaN(Date.parse(day)) ? onDay(day, time) : undefined;
  }
  if (!CLOCK.test(text)) {
    const at = /T.*(Z|[+-]\d{2}:\d{2})$/i.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? undefined : at;
  }
  const today = onDay(dayAt(now), text);
  if (ahead) return today > now ? today : onDay(plusDays(dayAt(now), 1), text);
  return today <= now ? today : onDay(plusDays(dayAt(now), -1), text);
}

/** Reads an end that lies ahead: as `readTime`, or `2026-03-02`, whose end is midnight in the Netherlands. */
export function readEnd(said: string, now: number): number | undefined {
  const text = said.trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return readTime(text, now, true);
  return Number.isNaN(Date.parse(text)) || plusDays(text, 0) !== text ? undefined : endOfDay(text);
}

function onDay(day: string, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return Math.round(hourOf(day, hours + minutes / 60));
}

/** `22:10` of today, and with its date of any other day: as all tables tell a moment. @param moment ISO 8601 */
export function sayTime(moment: string, now: number): string {
  const said = shortly(moment);
  return dayAt(Date.parse(moment)) === dayAt(now) ? said.slice(-5) : said;
}

/** `45 min`, `2 h 10`. What is left is rounded down: nobody is promised a minute that is not there. */
export function sayLength(seconds: number): string {
  const minutes = Math.floor((seconds * 1000) / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}
