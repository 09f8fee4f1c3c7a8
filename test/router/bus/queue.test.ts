/** A queue gives each message to one taker for the time of its lease, until it is erased. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bus, Log, Stored } from '../../../router/bus/bus.ts';
import { until } from '../../town/wait.ts';
import { startTestBroker, type TestBroker } from './broker.ts';

let broker: TestBroker;
let bus: Bus;
let log: Log;
test.before(async () => {
  broker = await startTestBroker();
  bus = broker.buses.pipeline;
  log = bus.log('MAILBOX');
});
test.after(() => broker.stop());

const fill = async (name: string, count: number) => {
  const puts = Array.from({ length: count }, (_, n) =>
    log.put(`mailbox.v1.${name}.spoed.s.${n}`, Buffer.from(`${name} ${n}`), { expect: 0 }),
  );
  await Promise.all(puts);
};
const open = (name: string, leaseMs = 30_000) =>
  bus.queue('MAILBOX', `${name}-spoed`, `mailbox.v1.${name}.spoed.>`, leaseMs);
const seqs = (taken: Stored[]) => taken.map(({ seq }) => seq);
test('an empty queue answers at once', async () => {
  const queue = await open('empty');
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const started = performance.now();
    assert.equal(await queue.take(10), []);
    times.push(performance.now() - started);
  }
  // Not when its own patience of two seconds ends; of three turns on a busy machine one is quick enough.
  assert.ok(Math.min(...times) < 1500, times.join());
});

test('it gives what fits the filter, in order, and each message once', async () => {
  await fill('a', 5);
  await fill('b', 2);
  const queue = await open('a');
  const first = await queue.take(2);
  const rest = await queue.take(10);
  assert.equal(
    [...first, ...rest].map(({ data }) => Buffer.from(data).toString()),
    ['a 0', 'a 1', 'a 2', 'a 3', 'a 4'],
  );
  assert.equal(await queue.take(10), []);
  assert.ok(Math.abs((first[0]?.at ?? 0) - Date.now()) < 60_000);
});

test('two takers at once never hold the same message', async () => {
  await fill('c', 60);
  const other = await broker.connect('pipeline', 'second');
  const queues = [
    await open('c'),
    await other.queue('MAILBOX', 'c-spoed', 'mailbox.v1.c.spoed.>', 30_000),
  ];
  const takes = Array.from({ length: 20 }, (_, n) => queues[n % 2]?.take(5) ?? []);
  const taken = seqs((await Promise.all(takes)).flat());
  for (const queue of queues) taken.push(...seqs(await queue.take(100)));
  assert.is(taken.length, 60);
  assert.is(new Set(taken).size, 60);
});

test('what was not erased comes back after the lease; what was erased never does', async () => {
  await fill('d', 4);
  const queue = await open('d', 3000);
  const [kept, gone] = seqs(await queue.take(2));
  assert.is(await log.erase(gone ?? 0), true);
  assert.is((await queue.take(10)).length, 2);
  const back = new Set<number>();
  await until('it to come', async () => {
    for (const seq of seqs(await queue.take(10))) back.add(seq);
    return back.size === 3;
  });
  assert.ok(back.has(kept ?? 0));
  assert.not.ok(back.has(gone ?? 0));
});

test('erased messages free their place on loan: a queue never runs full of what is gone', async () => {
  const queue = await open('e');
  for (let round = 0; round < 6; round++) {
    await fill(`e`, 500);
    const taken = await queue.take(500);
    assert.is(taken.length, 500, `round ${round}`);
    await Promise.all(seqs(taken).map((seq) => log.erase(seq)));
  }
  assert.is(await log.count('mailbox.v1.e.>'), 0);
});

test('a queue survives a crash of the broker', async () => {
  await fill('f', 3);
  const queue = await open('f', 500);
  assert.is((await queue.take(1)).length, 1);
  await broker.kill();
  await broker.start();
  const found = new Set<number>();
  await until('it to come', async () => {
    for (const seq of seqs(await queue.take(10))) found.add(seq);
    return found.size === 3;
  });
});

test.run();
