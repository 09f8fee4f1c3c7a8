/**
 * Days as the law counts them in the Netherlands: where midnight lies, which days are holidays by
 * the Algemene termijnenwet (art. 3), and what a working day is. Pure: no clock, no file.
 */

/** A day in the Netherlands, `YYYY-MM-DD`. */
export type Day = string;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Made when it is first asked: it costs a command that asks for no day 20 ms. */
let local: Intl.DateTimeFormat | undefined;
const makeLocal = () =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/Amsterdam',
    hourCycle: 'h23',
    ...({ year: 'numeric', month: '2-digit', day: '2-digit' } as const),
    ...({ hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
  });

/** How far the clocks in the Netherlands are ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number): number {
  const day = Math.floor(at / DAY);
  const [first, last] = [offsetOfDay(day), offsetOfDay(day + 1)];
  return first === last ? first : lookUpOffset(at);
}

/** At the beginning of a day by UTC, counted from 1970. */
function offsetOfDay(day: number): number {
  const known = OFFSETS.get(day);
  if (known !== undefined) return known;
  if (OFFSETS.size >= MOST_OFFSETS) OFFSETS.clear();
  const offset = lookUpOffset(day * DAY);
  OFFSETS.set(day, offset);
  return offset;
}
/** Looking it up is slow, and a list of clocks asks for the same days over and over. */
const OFFSETS = new Map<number, number>();
const MOST_OFFSETS = 10_000;

function lookUpOffset(at: number): number {
  const whole = Math.floor(at / 1000) * 1000;
  local ??= makeLocal();
  const parts = Object.fromEntries(
    local.formatToParts(whole).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/** The day in the Netherlands at a moment, in milliseconds since 1970. */
export const dayAt = (at: number): Day => new Date(at + offsetAt(at)).toISOString().slice(0, 10);

/** The moment at which the clocks of that day show this hour; an hour that the summer skips, or shows twice, is the first after it. */
export function hourOf(day: Day, hour: number): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + hour * HOUR;
  const guess = asUtc - offsetAt(asUtc);
  return asUtc - offsetAt(guess);
}

/** The moment at which the day begins. */
export const beginOf = (day: Day): number => hourOf(day, 0);
/** The moment at which the day ends, which is when the next begins. */
export const endOfDay = (day: Day): number => beginOf(plusDays(day, 1));

export const plusDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** The same day of the month so many months on, or the last of a shorter month. */
export function plusMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last)))
    .toISOString()
    .slice(0, 10);
}

/** Easter Sunday of a year, by the Gregorian computus. */
export function easter(year: number): Day {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const moon =
    (century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * golden + 15) %
    30;
  const full =
    moon -
    Math.floor(moon / 28) * (1 - Math.floor(29 / (moon + 1)) * Math.floor((21 - golden) / 11));
  const weekday = (year + Math.floor(year / 4) + full + 2 - century + Math.floor(century / 4)) % 7;
  const days = full - weekday;
  const month = 3 + Math.floor((days + 40) / 44);
  const date = days + 28 - 31 * Math.floor(month / 4);
  return `${year}-0${month}-${String(date).padStart(2, '0')}`;
}

/** The day on which the birthday of the King is kept: 27 April, or the 26th when that is a Sunday. */
const kingsDay = (year: number): Day =>
  isSunday(`${year}-04-27`) ? `${year}-04-26` : `${year}-04-27`;

/** Algemene termijnenwet art. 3: its holidays by name, and Good Friday, which counts as one. 5 May is one each year. */
function namedHolidays(year: number): ReadonlyMap<Day, string> {
  const known = NAMED.get(year);
  if (known !== undefined) return known;
  const named = makeHolidays(year);
  NAMED.set(year, named);
  return named;
}
/** Counted once a year: they are asked for with each day that is counted. */
const NAMED = new Map<number, ReadonlyMap<Day, string>>();

function makeHolidays(year: number): ReadonlyMap<Day, string> {
  const sunday = easter(year);
  return new Map([
    [`${year}-01-01`, 'Nieuwjaarsdag'],
    [plusDays(sunday, -2), 'Goede Vrijdag'],
    [plusDays(sunday, 1), 'tweede paasdag'],
    [kingsDay(year), 'Koningsdag'],
    [`${year}-05-05`, 'Bevrijdingsdag'],
    [plusDays(sunday, 39), 'Hemelvaartsdag'],
    [plusDays(sunday, 50), 'tweede pinksterdag'],
    [`${year}-12-25`, 'eerste kerstdag'],
    [`${year}-12-26`, 'tweede kerstdag'],
  ]);
}

/**
 * The days that the Crown has made equal to holidays (Algemene termijnenwet art. 3, third paragraph), by the
 * decision for 2026 to 2028. It decides for some years at a time: of a later year only the holidays are known.
 */
const MADE_EQUAL: ReadonlySet<Day> = new Set([
  ...['2026-01-02', '2026-05-15', '2027-05-07', '2028-04-28', '2028-05-26'],
]);
export const LAST_YEAR_DECIDED = 2028;

/** The days of a year that were made equal to holidays, in order. */
export const madeEqualIn = (year: number): readonly Day[] =>
  [...MADE_EQUAL].filter((day) => day.startsWith(`${year}-`));

/** The holidays of a year, in order; two of them may fall on one day. */
export const holidaysOf = (year: number): readonly Day[] => [...namedHolidays(year).keys()].sort();

const weekday = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();
const isSunday = (day: Day): boolean => weekday(day) === 0;

/**
 * Why a day is no working day: the name of the holiday, which day of the weekend it is, or that the Crown has
 * made it equal to a holiday; undefined on a working day.
 */
export function whyFree(day: Day): string | undefined {
  const holiday = namedHolidays(Number(day.slice(0, 4))).get(day);
  const weekend = WEEKEND[weekday(day)];
  return holiday ?? weekend ?? (MADE_EQUAL.has(day) ? 'gelijkgestelde dag' : undefined);
}
const WEEKEND: Readonly<Record<number, string>> = { 0: 'zondag', 6: 'zaterdag' };

export const isWorkingDay = (day: Day): boolean => whyFree(day) === undefined;

/** The last of so many working days, the first of which is the first after `day`. */
export function plusWorkingDays(day: Day, count: number): Day {
  let [at, left] = [day, count];
  while (left > 0) {
    at = plusDays(at, 1);
    if (isWorkingDay(at)) left -= 1;
  }
  return at;
}

/** The day itself when it is a working day, else the next that is (Algemene termijnenwet art. 1). */
export function nextWorkingDay(day: Day): Day {
  let at = day;
  while (!isWorkingDay(at)) at = plusDays(at, 1);
  return at;
}
