/**
 * The formats of the schemas, each stricter than the usual ones: a deadline or a birthday that two
 * readers could read differently is refused (no hour 24, no offset without minutes, no 30 February).
 */
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const EMAIL =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether there is such a day in the Gregorian calendar. */
function isDay(year: number, month: number, day: number): boolean {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** `full-date` of RFC 3339 from the year 1000, and a day that exists. */
export function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  return year !== undefined && year >= '1000' && isDay(Number(year), Number(month), Number(day));
}

/** `date-time` of RFC 3339 with capital T and Z, seconds below 60 and a whole offset. */
function isDateTime(text: string): boolean {
  return isDate(text.slice(0, 10)) && text[10] === 'T' && TIME.test(text.slice(11));
}

/** An absolute https address without credentials, so that following it cannot give one away. */
function isHttpsUrl(text: string): boolean {
  if (!/^https:\/\/[!-~]+$/.test(text) || !URL.canParse(text)) return false;
  const { username, password, hostname } = new URL(text);
  return username === '' && password === '' && hostname !== '';
}

/** By the names that the schemas use in `format`. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  'date-time': isDateTime,
  uuid: (text) => UUID.test(text),
  email: (text) => text.length <= 254 && EMAIL.test(text),
  uri: isHttpsUrl,
};
