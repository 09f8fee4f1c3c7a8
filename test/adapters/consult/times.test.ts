/** Times as people type and read them, and how much is left by the clock of the law. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { timeLeft } from '../../../adapters/consult/time-left.ts';
import { readEnd, readTime, sayLength, sayTime } from '../../../adapters/consult/time-said.ts';
import { lawfulEnd, remindersOf } from '../../../schemas/consultation.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-03-02T23:30:00Z'); // 00:30 on 3 March
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

test('a time of the clock is the last one for an arrest, the next one for an end', () => {
  assert.is(iso(readTime('22:10', NOW)), '2026-03-02T21:10:00.000Z');
  assert.is(iso(readTime('22:10', NOW, true)), '2026-03-03T21:10:00.000Z');
  assert.is(iso(readTime('0:15', NOW)), '2026-03-02T23:15:00.000Z');
  assert.is(iso(readTime('2026-07-02T22:10', NOW)), '2026-07-02T20:10:00.000Z');
  assert.is(iso(readTime('2026-03-02 22:10', NOW)), '2026-03-02T21:10:00.000Z');
  assert.is(iso(readTime('2026-03-02T22:10:00+02:00', NOW)), '2026-03-02T20:10:00.000Z');
  for (const bad of [
    '24:10',
    '22:60',
    'straks',
    '2026-03-02',
    '',
    '2026-13-02T22:10',
    '2026-03-02T25:10',
  ])
    assert.is(readTime(bad, NOW), undefined, bad);
});

test('an end may be a day, which ends at midnight in the Netherlands', () => {
  assert.is(iso(readEnd('2026-07-02', NOW)), '2026-07-02T22:00:00.000Z');
  assert.is(iso(readEnd('2026-03-29', NOW)), '2026-03-29T22:00:00.000Z');
  assert.is(iso(readEnd('22:10', NOW)), '2026-03-03T21:10:00.000Z');
  for (const bad of ['2026-02-31', '31-12-2026', '2026-13-01', 'morgen'])
    assert.is(readEnd(bad, NOW), undefined, bad);
});

test('what is read lies within a day on the side that is meant, on that minute of the clock', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((one) => String(one).padStart(2, '0')).join(':'));
  const now = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-12-31T00:00Z') });
  const LONGEST = 25 * 3_600_000;
  fc.assert(
    fc.property(time, now, (said, moment) => {
      const [past, next] = [readTime(said, moment) ?? 0, readTime(said, moment, true) ?? 0];
      assert.ok(past <= moment && moment - past <= LONGEST);
      assert.ok(next > moment && next - moment <= LONGEST);
    }),
    { numRuns: 60 },
  );
});

test('a moment is said with its date only where that is another', () => {
  assert.is(sayTime('2026-03-02T23:45:00Z', NOW), '00:45');
  assert.is(sayTime('2026-03-04T08:00:00Z', NOW), '2026-03-04 09:00');
  assert.is(sayTime('2026-03-02T21:10:00Z', NOW), '2026-03-02 22:10');
  assert.equal([59, 3540, 3600, 7859].map(sayLength), ['0 min', '59 min', '1 h 00', '2 h 10']);
});

test('arrest at 22:10: six hours end at 13:10 the next day; at night the clock stands still', () => {
  const aanvang = at('2026-03-02T21:10:00Z') / 1000;
  const eind = lawfulEnd({ klok: 'zsm-6', aanvang }) ?? 0;
  const clock = { klok: 'zsm-6', aanvang, eind } as const;
  assert.is(iso(eind * 1000), '2026-03-03T12:10:00.000Z');
  const left = timeLeft(clock, NOW);
  assert.is(left.counted, (4 * 60 + 10) * 60_000);
  assert.is(iso(left.stillUntil), '2026-03-03T08:00:00.000Z');
  assert.equal(timeLeft(clock, at('2026-03-03T11:10:00Z')), { counted: 3_600_000 });
  assert.equal(timeLeft(clock, eind * 1000), { counted: 0 });
  assert.equal(remindersOf(clock).map(iso), [
    '2026-03-03T09:10:00.000Z',
    '2026-03-03T10:40:00.000Z',
  ]);
});

test('an end of the own runs through the night', () => {
  const clock = { klok: 'vrij', aanvang: NOW / 1000, eind: NOW / 1000 + 4 * 3600 } as const;
  assert.equal(timeLeft(clock, NOW), { counted: 4 * 3_600_000 });
  assert.equal(
    remindersOf(clock).map((moment) => (moment - NOW) / 3_600_000),
    [2, 3],
  );
});

test.run();
