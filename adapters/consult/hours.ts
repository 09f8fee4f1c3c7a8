/**
 * When the people of a partner are there, by the opening hours that the register names: Dutch time, and on
 * a holiday (calendar.ts) those of `feestdag` alone. Hours that end before they begin run on past midnight.
 */
import { type Day, dayAt, holidaysOf, hourOf, plusDays } from '../../schemas/calendar.ts';
import type { Openingstijd } from '../../schemas/generated/wire.ts';

export interface Span {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

const DAY = 86_400_000;
const DAYS = ['zo', 'ma', 'di', 'wo', 'do', 'vr', 'za'] as const;
/** Whoever is not open within this is taken to be closed for good. */
const HORIZON = 40 * DAY;

/** What a day is called in opening hours. */
function kindOf(day: Day): Openingstijd['dagen'][number] {
  const isHoliday = holidaysOf(Number(day.slice(0, 4))).includes(day);
  return isHoliday ? 'feestdag' : (DAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 'zo');
}

function clockTime(day: Day, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return Math.round(hourOf(day, hours + minutes / 60));
}

function spansOn(hours: readonly Openingstijd[], day: Day): Span[] {
  const kind = kindOf(day);
  return hours
    .filter(({ dagen }) => dagen.includes(kind))
    .map(({ van, tot }) => ({
      from: clockTime(day, van),
      until: clockTime(tot > van ? day : plusDays(day, 1), tot),
    }));
}

/** The spans between two moments in which it is open, in order; those that touch are one. */
export function openings(hours: readonly Openingstijd[], from: number, until: number): Span[] {
  const found: Span[] = [];
  for (let day = plusDays(dayAt(from), -1); day <= dayAt(until); day = plusDays(day, 1)) {
    found.push(...spansOn(hours, day));
  }
  const within = found
    .map((one) => ({ from: Math.max(one.from, from), until: Math.min(one.until, until) }))
    .filter((one) => one.from < one.until)
    .sort((a, b) => a.from - b.from);
  return within.reduce(join, []);
}

function join(spans: readonly Span[], next: Span): Span[] {
  const last = spans.at(-1);
  if (last === undefined || last.until < next.from) return [...spans, next];
  return [...spans.slice(0, -1), { from: last.from, until: Math.max(last.until, next.until) }];
}

export const isOpen = (hours: readonly Openingstijd[], at: number): boolean =>
  openings(hours, at, at + 1).length > 0;

/** The moment itself when it is open then, else when it opens next; undefined when it never does. */
export function nextOpening(hours: readonly Openingstijd[], at: number): number | undefined {
  const soon = openings(hours, at, at + 4 * DAY)[0] ?? openings(hours, at, at + HORIZON)[0];
  return soon?.from;
}

/** When it closes, if it is open at a moment; undefined when not, or when it does not close within days. */
export function closing(hours: readonly Openingstijd[], at: number): number | undefined {
  const end = at + 8 * DAY;
  const [first] = openings(hours, at, end);
  return first?.from === at && first.until < end ? first.until : undefined;
}

/** How much of the time between two moments it is open, in milliseconds. */
export const openTime = (hours: readonly Openingstijd[], from: number, until: number): number =>
  openings(hours, from, until).reduce((sum, one) => sum + one.until - one.from, 0);
