import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  beginOf,
  dayAt,
  easter,
  endOfDay,
  holidaysOf,
  hourOf,
  isWorkingDay,
  LAST_YEAR_DECIDED,
  madeEqualIn,
  nextWorkingDay,
  plusDays,
  plusMonths,
  plusWorkingDays,
  whyFree,
} from '../../schemas/calendar.ts';

const HOUR = 3_600_000;
const years = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('Easter Sundays as the almanac has them', () => {
  const known = {
    2000: '04-23',
    2008: '03-23',
    2011: '04-24',
    2024: '03-31',
    2026: '04-05',
    2027: '03-28',
    2038: '04-25',
    2049: '04-18',
  };
  for (const [year, date] of Object.entries(known))
    assert.is(easter(Number(year)), `${year}-${date}`);
});

test('the holidays of 2026 and 2027 by the Algemene termijnenwet', () => {
  assert.equal(holidaysOf(2026), [
    ...['2026-01-01', '2026-04-03', '2026-04-06', '2026-04-27', '2026-05-05'],
    ...['2026-05-14', '2026-05-25', '2026-12-25', '2026-12-26'],
  ]);
  assert.ok(holidaysOf(2027).includes('2027-05-06'), 'Ascension day');
});

test("the King's birthday is kept on Saturday when it falls on Sunday", () => {
  assert.ok(holidaysOf(2025).includes('2025-04-26'));
  assert.not.ok(holidaysOf(2025).includes('2025-04-27'));
});

test('five working days over Easter', () => {
  // Wednesday 1 April 2026: Thursday, (Good Friday, weekend, Easter Monday), Tuesday to Friday.
  assert.is(plusWorkingDays('2026-04-01', 5), '2026-04-10');
  assert.is(plusWorkingDays('2026-04-03', 5), '2026-04-13');
});

test('a day that the Crown made equal to a holiday does not count, and the same day of another year does', () => {
  assert.is(plusWorkingDays('2026-05-13', 1), '2026-05-18');
  assert.is(plusWorkingDays('2027-05-05', 1), '2027-05-10');
  assert.is(whyFree('2027-05-07'), 'gelijkgestelde dag');
  assert.is(nextWorkingDay('2028-04-28'), '2028-05-01');
  assert.is(whyFree('2029-05-11'), undefined);
});

test('what was made equal lies on what would be a working day, up to the last year that was decided', () => {
  const all = years(LAST_YEAR_DECIDED - 10, LAST_YEAR_DECIDED + 10).flatMap(madeEqualIn);
  assert.ok(all.length > 0);
  for (const day of all) {
    assert.is(whyFree(day), 'gelijkgestelde dag');
    assert.not.ok(holidaysOf(Number(day.slice(0, 4))).includes(day));
    assert.ok(Number(day.slice(0, 4)) <= LAST_YEAR_DECIDED);
  }
});

test('what ends on a free day ends on the next working day', () => {
  assert.is(nextWorkingDay('2026-12-25'), '2026-12-28');
  assert.is(nextWorkingDay('2026-11-23'), '2026-11-23');
});

test('a month on is the same date, or the last of a shorter month', () => {
  assert.is(plusMonths('2026-11-30', 3), '2027-02-28');
  assert.is(plusMonths('2026-12-15', 3), '2027-03-15');
});

test('midnight in the Netherlands, winter and summer', () => {
  assert.is(new Date(beginOf('2026-01-10')).toISOString(), '2026-01-09T23:00:00.000Z');
  assert.is(new Date(beginOf('2026-07-10')).toISOString(), '2026-07-09T22:00:00.000Z');
  assert.is(dayAt(Date.parse('2026-07-09T22:30:00Z')), '2026-07-10');
});

test('the day on which summer begins has 23 hours, and the one on which it ends 25', () => {
  assert.is(endOfDay('2026-03-29') - beginOf('2026-03-29'), 23 * HOUR);
  assert.is(endOfDay('2026-10-25') - beginOf('2026-10-25'), 25 * HOUR);
  assert.is(new Date(hourOf('2026-03-29', 9)).toISOString(), '2026-03-29T07:00:00.000Z');
  assert.is(new Date(hourOf('2026-10-25', 9)).toISOString(), '2026-10-25T08:00:00.000Z');
});

const days = fc.integer({ min: 0, max: 20_000 }).map((n) => plusDays('2000-01-01', n));

test('every moment lies within its day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 946_684_800_000, max: 2_524_608_000_000 }), (at) => {
      const day = dayAt(at);
      return beginOf(day) <= at && at < endOfDay(day);
    }),
  );
});

test('so many working days on lies on a working day, and between there are that many', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 30 }), (day, count) => {
      const end = plusWorkingDays(day, count);
      let found = 0;
      for (let at = plusDays(day, 1); at <= end; at = plusDays(at, 1))
        found += isWorkingDay(at) ? 1 : 0;
      return isWorkingDay(end) && found === count;
    }),
  );
});

test.run();
