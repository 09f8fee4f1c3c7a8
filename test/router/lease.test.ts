import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLease } from '../../router/lease.ts';
import { startTestBroker, type TestBroker } from './bus/broker.ts';

let broker: TestBroker;
let now = 1_000_000;
test.before(async () => {
  broker = await startTestBroker();
});
test.after(() => broker.stop());

const lease = async (key: string, holder: string) =>
  openLease({
    bucket: await broker.buses.pipeline.bucket('lease'),
    ...{ key, holder, lengthMs: 900, clock: { now: () => now } },
  });

test('the first one holds it; another waits until it is given back or over', async () => {
  const [one, two] = [await lease('a', 'one'), await lease('a', 'two')];
  assert.is(await one.hold(), true);
  assert.is(await two.hold(), false);
  await two.release();
  assert.is(await one.hold(), true);
  await one.release();
  assert.is(await two.hold(), true);
  assert.is(await one.hold(), false);
  now += 901;
  assert.is(await one.hold(), true);
  assert.is(await two.hold(), false);
});

test('who holds it renews it in time, without asking the broker each time', async () => {
  const [one, two] = [await lease('b', 'one'), await lease('b', 'two')];
  assert.is(await one.hold(), true);
  for (let turn = 0; turn < 20; turn++) {
    now += 250;
    assert.is(await one.hold(), true);
    assert.is(await two.hold(), false);
  }
});

test('of many that want it at once exactly one gets it', async () => {
  const all = await Promise.all(Array.from({ length: 12 }, (_, n) => lease('c', `${n}`)));
  const held = await Promise.all(all.map((one) => one.hold()));
  assert.is(held.filter(Boolean).length, 1);
});

test('after clocks were put back nobody waits for a lease of the future', async () => {
  const [one, two] = [await lease('d', 'one'), await lease('d', 'two')];
  assert.is(await one.hold(), true);
  now -= 3_600_000;
  assert.is(await two.hold(), true, 'the holder may be gone');
  assert.is(await one.hold(), false);
  now -= 3_600_000;
  assert.is(await two.hold(), true);
  now += 901;
  assert.is(await one.hold(), true, 'it was renewed by the new clock');
});

test.run();
