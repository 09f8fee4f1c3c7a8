/** The laws of the fuzzer, in short: npm run fuzz runs them for as long as it is given. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { uphold } from './law.ts';
import { openRange, type Range } from './laws.ts';

const seed = Date.now() % 2 ** 31;
let range: Range;
test.before(async () => {
  range = await openRange();
});
test.after(() => range.close());

test(`every law holds for a while, from seed ${seed} on`, async () => {
  for (const [at, law] of range.laws.entries())
    await uphold(law, seed + at, Math.min(law.runs, law.name.startsWith('HTTP') ? 4 : 40));
});

test('the router answered, with many codes, and has no fault in its log', async () => {
  assert.ok(range.answers.size >= 6, [...range.answers.keys()].join());
  assert.ok((range.answers.get('202') ?? 0) > 0, 'good messages are taken');
  assert.is((await range.target.state()).faults, 0);
});

test('a law that does not hold is noticed, with its seed', async () => {
  const broken = range.laws[0];
  assert.ok(broken);
  const fault = await uphold(
    { ...broken, name: 'never', property: failing as never },
    seed,
    5,
  ).catch((error: Error) => error.message);
  assert.match(String(fault), `law "never", seed ${seed}`);
});
const fc = await import('fast-check');
const failing = fc.asyncProperty(fc.nat(), async (n) => n < 0);

test.run();
