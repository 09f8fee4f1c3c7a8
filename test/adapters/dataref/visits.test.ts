/** How often somebody may ask how a case stands. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Visits } from '../../../adapters/dataref/visits.ts';

const ask = (visits: Visits, times: number, now = 0): string[] =>
  Array.from({ length: times }, () => visits.enter('a', now));

test('120 times in a minute; of those too many the first is told apart, so that it is recorded', () => {
  const visits = new Visits();
  assert.equal(new Set(ask(visits, 120)), new Set(['welcome']));
  assert.equal(ask(visits, 3), ['first', 'more', 'more']);
  assert.is(visits.enter('b', 0), 'welcome', 'another is not kept waiting');
  assert.equal(ask(visits, 1, 60_000), ['welcome']);
});

test('whom nobody knows is let in less often', () => {
  const visits = new Visits();
  const seen = Array.from({ length: 10 }, () => {
    const visit = visits.enter('a', 0);
    if (visit === 'welcome') visits.charge('a', 0);
    return visit;
  });
  assert.equal(seen.filter((one) => one === 'welcome').length, 6);
  assert.equal(seen.slice(6), ['first', 'more', 'more', 'more']);
});

test.run();
