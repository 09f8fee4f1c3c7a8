/** Opening hours of partners: Dutch time, holidays apart, and past midnight where they say so. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  closing,
  isOpen,
  nextOpening,
  openings,
  openTime,
} from '../../../adapters/consult/hours.ts';
import { beginOf, endOfDay, holidaysOf } from '../../../schemas/calendar.ts';
import type { Openingstijd } from '../../../schemas/generated/wire.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = ['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo'] as const;
const at = (text: string): number => Date.parse(text);
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((one) => String(one).padStart(2, '0')).join(':'));
const hours: fc.Arbitrary<Openingstijd[]> = fc.array(
  fc.record({
    dagen: fc.uniqueArray(fc.constantFrom(...WEEK, 'feestdag' as const), { minLength: 1 }),
    van: clock,
    tot: fc.oneof(clock, fc.constant('24:00')),
  }),
  { minLength: 1, maxLength: 4 },
) as fc.Arbitrary<Openingstijd[]>;
/** Whole minutes of four years, with holidays, leap day and both changes of the clock among them. */
const moment = fc
  .integer({ min: 0, max: 4 * 365 * 24 * 60 })
  .map((minutes) => at('2026-01-01T00:00:00Z') + minutes * 60_000);
const runs = { numRuns: 60 };

test('when it opens next it is open, and it was not just before', () => {
  fc.assert(
    fc.property(hours, moment, (open, now) => {
      const next = nextOpening(open, now);
      if (next === undefined) return;
      assert.ok(isOpen(open, next));
      assert.ok(next === now || !isOpen(open, next - 1));
    }),
    runs,
  );
});

test('when it closes it is closed, and it was open until then', () => {
  fc.assert(
    fc.property(hours, moment, (open, now) => {
      const until = closing(open, now);
      if (until === undefined) return;
      assert.ok(isOpen(open, now) && isOpen(open, until - 1));
      assert.not.ok(isOpen(open, until));
    }),
    runs,
  );
});

test('time that it is open adds up, and is never more than the time that passes', () => {
  const spell = fc.integer({ min: 1, max: 3 * 24 * 60 }).map((minutes) => minutes * 60_000);
  fc.assert(
    fc.property(hours, moment, spell, spell, (open, from, first, second) => {
      const [middle, end] = [from + first, from + first + second];
      const whole = openTime(open, from, end);
      assert.is(openTime(open, from, middle) + openTime(open, middle, end), whole);
      assert.ok(whole >= 0 && whole <= first + second);
    }),
    runs,
  );
});

test('spans stand in order and apart, within what was asked', () => {
  fc.assert(
    fc.property(hours, moment, (open, from) => {
      const spans = openings(open, from, from + 9 * DAY);
      const edges = spans.flatMap((one) => [one.from, one.until]);
      assert.ok(edges.every((edge, i) => edge >= (i === 0 ? from : (edges[i - 1] ?? 0) + 1)));
      assert.ok(edges.every((edge) => edge <= from + 9 * DAY));
    }),
    runs,
  );
});

test('a holiday has the hours of holidays, and no others', () => {
  const everyWeekday: Openingstijd[] = [{ dagen: [...WEEK], van: '00:00', tot: '24:00' }];
  const holidays: Openingstijd[] = [{ dagen: ['feestdag'], van: '10:00', tot: '14:00' }];
  for (const day of [2026, 2027, 2028].flatMap(holidaysOf)) {
    const [begin, end] = [beginOf(day), endOfDay(day)];
    assert.is(openTime(everyWeekday, begin, end), 0, day);
    assert.is(openTime(holidays, begin, end), 4 * HOUR, day);
  }
});

test('office hours in Dutch time, in winter and in summer', () => {
  const office: Openingstijd[] = [
    { dagen: ['ma', 'di', 'wo', 'do', 'vr'], van: '09:00', tot: '17:00' },
  ];
  assert.is(nextOpening(office, at('2026-02-06T17:00:00Z')), at('2026-02-09T08:00:00Z'));
  assert.is(nextOpening(office, at('2026-07-03T17:00:00Z')), at('2026-07-06T07:00:00Z'));
  assert.is(closing(office, at('2026-07-06T10:00:00Z')), at('2026-07-06T15:00:00Z'));
  // Good Friday to Easter Monday.
  assert.is(nextOpening(office, at('2026-04-02T18:00:00Z')), at('2026-04-07T07:00:00Z'));
});

test('hours that end before they begin run on past midnight', () => {
  const night: Openingstijd[] = [{ dagen: ['vr'], van: '22:00', tot: '02:00' }];
  assert.equal(openings(night, at('2026-03-06T12:00:00Z'), at('2026-03-08T12:00:00Z')), [
    { from: at('2026-03-06T21:00:00Z'), until: at('2026-03-07T01:00:00Z') },
  ]);
});

test('always open does not close; without hours it never opens', () => {
  const always: Openingstijd[] = [{ dagen: [...WEEK, 'feestdag'], van: '00:00', tot: '24:00' }];
  assert.is(closing(always, at('2026-12-24T12:00:00Z')), undefined);
  assert.is(openTime(always, at('2026-03-28T00:00:00Z'), at('2026-03-30T00:00:00Z')), 2 * DAY);
  assert.is(nextOpening([], at('2026-03-06T12:00:00Z')), undefined);
});

test.run();
