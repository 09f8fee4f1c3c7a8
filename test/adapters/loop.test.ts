import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog, kindOf } from '../../adapters/log.ts';
import { Loop, type Turn } from '../../adapters/loop.ts';
import { Stack } from '../../adapters/stack.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { until } from '../town/wait.ts';

const lines: string[] = [];
const log = createLog('debug', { write: (line) => void lines.push(line) });
const loop = (turn: Turn) => new Loop('test', log, turn);

test('a ring wakes it, and a ring during a turn brings another turn', async () => {
  let turns = 0;
  const one = loop(async () => {
    turns += 1;
    if (turns === 2) one.ring();
    return null;
  });
  one.start();
  await until('the first', () => turns === 1);
  one.ring();
  await until('the third', () => turns === 3);
  await one.stop();
  assert.is(turns, 3);
});

test('it wakes when the turn said so', async () => {
  let turns = 0;
  const one = loop(async () => {
    turns += 1;
    return turns < 5 ? 5 : null;
  });
  one.start();
  await until('five turns', () => turns === 5);
  await one.stop();
});

test('a turn that fails is followed by a pause that no ring shortens, and by another turn', async () => {
  let turns = 0;
  const one = loop(async () => {
    turns += 1;
    if (turns === 1) throw new Error('Zevenaar-de-Canarie');
    return null;
  });
  const began = performance.now();
  one.start();
  await until('the failure', () => lines.some((line) => line.includes('turn failed')));
  one.ring();
  await until('the second', () => turns === 2);
  assert.ok(performance.now() - began >= 240);
  await one.stop();
  assert.not.ok(lines.some((line) => line.includes('Canarie')));
});

test('to stop is to let the turn under way finish', async () => {
  let finished = false;
  let finish: () => void = () => undefined;
  const one = loop(async (signal) => {
    await new Promise<void>((done) => {
      finish = done;
    });
    assert.ok(signal.aborted);
    finished = true;
    return 0;
  });
  one.start();
  const stopped = one.stop();
  finish();
  await stopped;
  assert.ok(finished);
});

test('what may be told of an error is its kind', () => {
  const told = kindOf(Object.assign(new TypeError('bsn 999999990'), { code: 'EFOO' }));
  assert.is(told['fault'], 'TypeError');
  assert.is(told['code'], 'EFOO');
  assert.not.match(JSON.stringify(told), '999999990');
  assert.equal(kindOf(new Refusal('stale')), { code: 'stale', stage: 'verify' });
  assert.equal(kindOf('x'), { fault: 'string' });
});

test('what names a secret is left out of the log', () => {
  log.info({ token: 'geheim', rij: { inhoud: 'geheim', ok: 1 } }, 'iets');
  assert.not.match(lines.at(-1) ?? '', 'geheim');
  assert.match(lines.at(-1) ?? '', '"ok":1');
});

test('what was started is stopped in reverse, also when one of them does not stop well', async () => {
  const order: string[] = [];
  const stack = new Stack(log);
  stack.add('a', (it) => order.push(it));
  stack.add('b', () => {
    throw new Error('stuck');
  });
  stack.add('c', async (it) => order.push(it));
  await stack.stop();
  await stack.stop();
  assert.equal(order, ['c', 'a']);
});

test.run();
