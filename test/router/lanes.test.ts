/** How much is worked on at once, and who goes first. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FAULTS_TO_PARK, openFaultCounts } from '../../router/faultcounts.ts';
import { Lanes } from '../../router/lanes.ts';
import { openTurns } from '../../router/turns.ts';
import type { Refusal } from '../../schemas/refusal.ts';

/** Work that goes on until it is told to end. */
function work() {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, run: () => done };
}

test('no more is worked on at once than may be; urgent work that waits goes first', async () => {
  const lanes = new Lanes({ inFlight: 2, waiting: 10 });
  const [a, b] = [work(), work()];
  const order: string[] = [];
  const say = (name: string) => async () => void order.push(name);
  const running = [lanes.run('normaal', a.run), lanes.run('normaal', b.run)];
  const waiting = [
    lanes.run('normaal', say('n1')),
    lanes.run('normaal', say('n2')),
    lanes.run('spoed', say('s1')),
    lanes.run('spoed', say('s2')),
  ];
  assert.equal(order, []);
  a.end();
  await Promise.all(waiting);
  assert.equal(order, ['s1', 's2', 'n1', 'n2']);
  b.end();
  await Promise.all(running);
});

test('a full lane refuses more, and the other lane does not', async () => {
  const lanes = new Lanes({ inFlight: 1, waiting: 1 });
  const busy = work();
  const running = lanes.run('normaal', busy.run);
  const waits = lanes.run('normaal', async () => 'n');
  try {
    await lanes.run('normaal', async () => 'never');
    assert.unreachable();
  } catch (error) {
    assert.is((error as Refusal).code, 'temporarily-unavailable');
  }
  const urgent = lanes.run('spoed', async () => 's');
  busy.end();
  assert.equal(await Promise.all([waits, urgent]), ['n', 's']);
  await running;
});

test('work that fails gives its place back', async () => {
  const lanes = new Lanes({ inFlight: 1, waiting: 1 });
  await lanes.run('spoed', () => Promise.reject(new Error('fell'))).catch(() => undefined);
  assert.is(await lanes.run('spoed', async () => 'next'), 'next');
});

test('a turn for one message waits for the one before, and for no other message', async () => {
  const turns = openTurns();
  const order: string[] = [];
  const first = await turns.take('a');
  const second = turns.take('a').then((giveUp) => {
    order.push('a again');
    giveUp();
  });
  (await turns.take('b'))();
  order.push('b');
  first();
  first();
  await second;
  (await turns.take('a'))();
  assert.equal(order, ['b', 'a again']);
});

test('faults are counted for each message until it goes through', () => {
  const faults = openFaultCounts();
  assert.equal(
    [faults.add('a'), faults.add('b'), faults.add('a'), faults.add('a')],
    [1, 1, 2, FAULTS_TO_PARK],
  );
  faults.forget('a');
  assert.is(faults.add('a'), 1);
});

test.run();
