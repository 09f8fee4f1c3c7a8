import type { Msg, NatsConnection } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openBucket } from '../../../router/bus/bucket.ts';
import { connectLine } from '../../../router/bus/connect.ts';
import type { Line } from '../../../router/bus/line.ts';
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

/**
 * The line as it is now and then while keys are removed: with each entry the broker says that one fewer
 * is to come than there are. The last entry comes a moment after the others.
 */
function oneTooFew(line: Line): Line {
  const subscribe: NatsConnection['subscribe'] = (subject, { callback, ...options } = {}) =>
    line.nc.subscribe(subject, {
      ...options,
      ...(callback && {
        callback: (error, msg) => {
          const left = /^\$JS\.ACK\..*\.(\d+)$/.exec(msg.reply ?? '')?.[1];
          if (left === '0') setImmediate(() => callback(error, msg));
          else if (left === undefined) callback(error, msg);
          else callback(error, withReply(msg, msg.reply?.replace(/\d+$/, `${Number(left) - 1}`)));
        },
      }),
    });
  const nc = new Proxy(line.nc, {
    get(target, name) {
      if (name === 'subscribe') return subscribe;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...line, nc };
}

const withReply = (msg: Msg, reply = ''): Msg =>
  Object.create(msg, { reply: { value: reply } }) as Msg;

test('what the broker says of how much is to come is not believed: all that is there is told first', async () => {
  const { servers, ca } = broker;
  const role = { role: 'pipeline', seedFile: broker.seed('pipeline'), name: 'watch' } as const;
  const line = await connectLine({ servers, ca, ...role });
  const there = ['a', 'b', 'c'];
  const deadlines = await broker.buses.pipeline.bucket('deadlines');
  for (const key of await deadlines.keys()) await deadlines.remove(key);
  for (const key of there) await deadlines.put(key, bytes('1'));
  const told: string[] = [];
  const bucket = openBucket(oneTooFew(line), 'deadlines');
  const stop = await bucket.watch((key) => void told.push(key));
  const first = [...told];
  stop();
  await line.nc.close();
  assert.equal(first, there);
});

test('to watch an empty bucket waits for nothing', async () => {
  const bucket = await broker.buses.pipeline.bucket('lease');
  for (const key of await bucket.keys()) await bucket.remove(key);
  const stop = await bucket.watch(() => undefined);
  stop();
});

test.run();
