/** Work for many: in order, told of what failed, and others get a turn in between. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inSlices } from '../../router/slices.ts';

const many = Array.from({ length: 100 }, (_, at) => at);

test('results come in order, of many, few and none', async () => {
  const double = async (n: number) => n * 2;
  for (const all of [many, many.slice(0, 3), []])
    assert.equal(
      await inSlices(all, double),
      all.map((n) => n * 2),
    );
});

test('others get a turn before all have been begun', async () => {
  let begun = 0;
  let seen = 0;
  setImmediate(() => {
    seen = begun;
  });
  await inSlices(many, () => void begun++);
  assert.is(begun, 100);
  assert.ok(seen > 0 && seen < 100, `${seen}`);
});

test('the first that fails is told, once all have been begun; none is unheard of', async () => {
  const unheard: unknown[] = [];
  const note = (error: unknown) => void unheard.push(error);
  process.on('unhandledRejection', note);
  let begun = 0;
  const failure = await inSlices(many, async (n) => {
    begun++;
    if (n % 30 === 2) throw new Error(`fell at ${n}`);
  }).catch((error) => error);
  await new Promise((done) => setImmediate(done));
  process.off('unhandledRejection', note);
  assert.is(failure.message, 'fell at 2');
  assert.is(begun, 100);
  assert.equal(unheard, []);
});

test.run();
