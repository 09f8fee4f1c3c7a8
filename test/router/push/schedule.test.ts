/** When what was not taken is brought again. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  pauseAfter,
  readRetryAfter,
  SCHEDULE,
  waitAfter,
} from '../../../router/door/push/schedule.ts';

const MINUTE = 60_000;
const normal = { prio: 'normaal', slow: false } as const;

test('the waits grow from five seconds to a day', () => {
  const waits = Array.from({ length: 12 }, (_, at) =>
    waitAfter(SCHEDULE, { ...normal, attempts: at + 1 }),
  );
  const minutes = waits.map((wait) => wait / MINUTE);
  assert.is(minutes[0], 5 / 60);
  assert.equal(minutes.slice(1), [5, 30, 120, 300, 600, 840, 1200, 1440, 1440, 1440, 1440]);
});

test('urgent items are never left for longer than five minutes, unless the endpoint asks for it', () => {
  for (let attempts = 1; attempts < 20; attempts++) {
    assert.ok(waitAfter(SCHEDULE, { prio: 'spoed', slow: true, attempts }) <= 5 * MINUTE);
  }
  const asked = waitAfter(SCHEDULE, {
    prio: 'spoed',
    slow: false,
    attempts: 1,
    askedMs: 9 * MINUTE,
  });
  assert.is(asked, 9 * MINUTE);
  assert.is(pauseAfter(SCHEDULE, 'spoed', 30), MINUTE);
  assert.is(pauseAfter(SCHEDULE, 'normaal', 30), 5 * MINUTE);
  assert.is(pauseAfter(SCHEDULE, 'normaal', 1), 5000);
});

test('law: there is a try before the end of a message, and never one before the endpoint wants it', () => {
  const any = fc.record({
    prio: fc.constantFrom('spoed' as const, 'normaal' as const),
    slow: fc.boolean(),
    attempts: fc.integer({ min: 1, max: 50 }),
    askedMs: fc.option(fc.integer({ min: 0, max: 60 * MINUTE }), { nil: undefined }),
    leftMs: fc.option(fc.integer({ min: 20_000, max: 30 * 1440 * MINUTE }), { nil: undefined }),
  });
  fc.assert(
    fc.property(any, (tried) => {
      const wait = waitAfter(SCHEDULE, tried);
      assert.ok(wait >= 5000 && wait >= (tried.askedMs ?? 0));
      if (tried.leftMs !== undefined && tried.askedMs === undefined) {
        assert.ok(wait < tried.leftMs, `${wait} of ${tried.leftMs}`);
      }
    }),
  );
});

test('Retry-After is read as seconds and as a date, bounded; nonsense is none', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  assert.is(readRetryAfter('120', now), 120_000);
  assert.is(readRetryAfter('Sun, 01 Mar 2026 12:02:00 GMT', now), 120_000);
  assert.is(readRetryAfter('Sun, 01 Mar 2026 11:00:00 GMT', now), 0, 'a date that is past');
  assert.is(readRetryAfter('999999999', now), 60 * MINUTE);
  assert.is(readRetryAfter('Sun, 01 Mar 2099 12:00:00 GMT', now), 60 * MINUTE);
  for (const nonsense of ['', 'soon', '-5', '1e9', '9'.repeat(40), undefined, ['1', '2']]) {
    const read = readRetryAfter(nonsense, now) ?? 0;
    assert.ok(read >= 0 && read <= 60 * MINUTE, String(nonsense));
  }
});

test.run();
