import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { afterQuestioning, countedBetween } from '../../schemas/questioning.ts';

const HOUR = 3_600_000;
const at = (local: string) => Date.parse(local);
const iso = (ms: number) => new Date(ms).toISOString();

test('held at ten past ten in the evening: six hours end at ten past one in the afternoon', () => {
  // 1 h 50 until midnight, then 4 h 10 from nine.
  const end = afterQuestioning(at('2026-11-21T22:10:00+01:00'), 6 * HOUR);
  assert.is(iso(end), iso(at('2026-11-22T13:10:00+01:00')));
});

test('nine hours from ten in the morning end the same day', () => {
  const end = afterQuestioning(at('2026-11-21T10:00:00+01:00'), 9 * HOUR);
  assert.is(iso(end), iso(at('2026-11-21T19:00:00+01:00')));
});

test('held in the night: counting begins at nine', () => {
  const end = afterQuestioning(at('2026-11-21T03:00:00+01:00'), 6 * HOUR);
  assert.is(iso(end), iso(at('2026-11-21T15:00:00+01:00')));
});

test('what ends exactly at midnight ends at midnight, not at nine', () => {
  const end = afterQuestioning(at('2026-11-21T18:00:00+01:00'), 6 * HOUR);
  assert.is(iso(end), iso(at('2026-11-22T00:00:00+01:00')));
});

test('over the night in which summer begins', () => {
  const end = afterQuestioning(at('2026-03-28T22:00:00+01:00'), 6 * HOUR);
  assert.is(iso(end), iso(at('2026-03-29T13:00:00+02:00')));
});

test('the night does not count', () => {
  assert.is(
    countedBetween(at('2026-11-21T23:00:00+01:00'), at('2026-11-22T10:00:00+01:00')),
    2 * HOUR,
  );
  assert.is(countedBetween(at('2026-11-22T01:00:00+01:00'), at('2026-11-22T08:00:00+01:00')), 0);
});

test('what was counted until the end is what was given', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 }),
      fc.integer({ min: 0, max: 9 * HOUR }),
      (from, counted) => countedBetween(from, afterQuestioning(from, counted)) === counted,
    ),
  );
});

test.run();
