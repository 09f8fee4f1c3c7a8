import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startTestBroker, type TestBroker } from './broker.ts';

let broker: TestBroker;
test.before(async () => {
  broker = await startTestBroker();
});
test.after(() => broker.stop());

const bytes = (text: string) => Buffer.from(text);
const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise((next) => setTimeout(next, 20));
};

test('a value is swapped only by who knows its revision', async () => {
  const bucket = await broker.buses.pipeline.bucket('lease');
  const first = await bucket.swap('a', bytes('1'), 0);
  assert.type(first, 'number');
  assert.equal(await bucket.swap('a', bytes('2'), 0), { conflict: true });
  assert.type(await bucket.swap('a', bytes('2'), Number(first)), 'number');
  assert.is(Buffer.from((await bucket.get('a'))?.value ?? []).toString(), '2');
});

test('a removed key is absent, can be made anew, and leaves nothing behind', async () => {
  const bucket = await broker.buses.pipeline.bucket('deadlines');
  await bucket.put('x.1', bytes('1'));
  await bucket.put('x.2', bytes('2'));
  await bucket.remove('x.1');
  assert.is(await bucket.get('x.1'), null);
  assert.equal(await bucket.keys(), ['x.2']);
  await bucket.remove('x.2');
  assert.type(await bucket.swap('x.1', bytes('3'), 0), 'number');
  assert.equal(await bucket.keys(), ['x.1']);
});

test('a register that cannot be erased still says what was removed', async () => {
  const bucket = await broker.buses.admin.bucket('registry');
  await bucket.put('gone', bytes('1'));
  await bucket.remove('gone');
  assert.is(await bucket.get('gone'), null);
  assert.equal(await bucket.keys(), []);
  assert.type(await bucket.swap('gone', bytes('2'), 0), 'number');
  await bucket.remove('gone');
});

test('who watches has the present values when it starts and each change after, also over a crash', async () => {
  const writer = await broker.buses.admin.bucket('registry');
  await writer.put('entry.a', bytes('1'));
  await writer.put('current', bytes('1'));
  const seen = new Map<string, string | null>();
  const bucket = await broker.buses.pipeline.bucket('registry');
  const stop = await bucket.watch((key, value) =>
    seen.set(key, value && Buffer.from(value).toString()),
  );
  assert.is(seen.get('entry.a'), '1');
  assert.is(seen.get('current'), '1');
  await writer.put('current', bytes('2'));
  await until(() => seen.get('current') === '2');
  await writer.remove('entry.a');
  await until(() => seen.get('entry.a') === null);
  await broker.kill();
  await broker.start();
  await writer.put('current', bytes('3'));
  await until(() => seen.get('current') === '3');
  stop();
});

test('to watch an empty bucket waits for nothing', async () => {
  const bucket = await broker.buses.pipeline.bucket('lease');
  for (const key of await bucket.keys()) await bucket.remove(key);
  const stop = await bucket.watch(() => undefined);
  stop();
});

test.run();
