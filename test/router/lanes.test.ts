/** How much is worked on at once, and who goes first. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openFaultCounts } from '../../router/faultcounts.ts';
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
  const running = [lanes.run('normaal', 'a', a.run), lanes.run('normaal', 'a', b.run)];
  const waiting = [
    lanes.run('normaal', 'a', say('n1')),
    lanes.run('normaal', 'a', say('n2')),
    lanes.run('spoed', 'a', say('s1')),
    lanes.run('spoed', 'a', say('s2')),
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
  const running = lanes.run('normaal', 'a', busy.run);
  const waits = lanes.run('normaal', 'a', async () => 'n');
  try {
    await lanes.run('normaal', 'a', async () => 'never');
    assert.unreachable();
  } catch (error) {
    assert.is((error as Refusal).code, 'temporarily-unavailable');
  }
  const urgent = lanes.run('spoed', 'a', async () => 's');
  busy.end();
  assert.equal(await Promise.all([waits, urgent]), ['n', 's']);
  await running;
});

test('parties take turns in a lane; when it is full, who has most waiting loses its last', async () => {
  const lanes = new Lanes({ inFlight: 1, waiting: 4 });
  const busy = work();
  const order: string[] = [];
  const run = (party: string, name: string) =>
    lanes
      .run('normaal', party, async () => void order.push(name))
      .catch(({ code }: Refusal) => void order.push(`${name} ${code}`));
  const running = lanes.run('normaal', 'flood', busy.run);
  const all = ['f1', 'f2', 'f3', 'f4', 'f5'].map((name) => run('flood', name));
  all.push(run('other', 'o1'), run('third', 't1'));
  await all[4];
  await all[3];
  busy.end();
  await Promise.all([running, ...all]);
  const no = 'temporarily-unavailable';
  assert.equal(order, [`f5 ${no}`, `f4 ${no}`, `f3 ${no}`, 'f1', 'o1', 't1', 'f2']);
});

test('a quarter of the places is kept for urgent work', async () => {
  const lanes = new Lanes({ inFlight: 4, waiting: 10 });
  const busy = [work(), work(), work(), work()];
  const normal = busy.map(({ run }) => lanes.run('normaal', 'a', run));
  assert.is(await lanes.run('spoed', 'b', async () => 'at once'), 'at once');
  for (const { end } of busy) end();
  await Promise.all(normal);
});

test('work that fails gives its place back', async () => {
  const lanes = new Lanes({ inFlight: 1, waiting: 1 });
  await lanes.run('spoed', 'a', () => Promise.reject(new Error('fell'))).catch(() => undefined);
  assert.is(await lanes.run('spoed', 'a', async () => 'next'), 'next');
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

test('faults are counted for each message, by kind, until it goes through', () => {
  const faults = openFaultCounts();
  faults.add('a', 'outside');
  assert.equal(faults.add('b', 'seal Error'), ['seal Error']);
  assert.equal(faults.add('a', 'seal Error'), ['outside', 'seal Error']);
  faults.forget('a');
  assert.equal(faults.add('a', 'outside'), ['outside']);
});

test.run();
