/** The benchmark itself: its arithmetic, and one quick run from end to end. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { letterOf } from '../../bench/bodies.ts';
import { CASES } from '../../bench/cases.ts';
import { median, quantile } from '../../bench/figures.ts';
import { measureFloor } from '../../bench/floor.ts';
import { arrive, clock, delaysOf, saturate } from '../../bench/load.ts';
import { OPERATIONS } from '../../bench/operations.ts';
import { summarise } from '../../bench/profile.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import { checkBody } from '../../schemas/validate.ts';
import { AGENCIES } from '../town/agencies.ts';

const BENCH = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bench', 'bench.js');
const run = (...args: string[]) => promisify(execFile)(process.execPath, [BENCH, ...args]);

test('quantiles are values that were measured', () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(quantile([1, 2, 3, 4], 0.99), 4);
  assert.is(quantile([7], 0.5), 7);
  assert.ok(Number.isNaN(median([])));
});

test('bodies have exactly the size that is asked for, and keep to their schema', () => {
  for (const of of CASES) {
    const { from, to, message } = letterOf(of);
    assert.is(Buffer.byteLength(JSON.stringify(message.inhoud)), of.body, of.name);
    assert.is(to.length, of.recipients);
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      ...{ iss: toUrn(AGENCIES[from].oin), jti: newUuid7(Date.now()), iat, exp: iat + 60 },
      ...{ berichttype: message.berichttype, inhoud: message.inhoud },
    };
    checkBody(message.berichttype, '1.0', claims as unknown as Bericht);
  }
});

test('a path that stalls is charged for all that had to wait', async () => {
  let free = 0;
  const send = async () => {
    free = Math.max(free, clock()) + 20;
    const end = free;
    await new Promise((done) => setTimeout(done, end - clock()));
    return end;
  };
  const rate = 100;
  const passed = await arrive(send, { rate, count: 20 });
  assert.is(passed.length, 20);
  // Twice as many come as can be served, so each waits about half a service longer than the last.
  assert.ok(Math.max(...delaysOf(passed)) > 100);
});

test('saturation keeps so many on their way, and no more', async () => {
  let [now, most] = [0, 0];
  const send = async () => {
    most = Math.max(most, ++now);
    await new Promise((done) => setTimeout(done, 2));
    now--;
    return clock();
  };
  assert.is((await saturate(send, { window: 4, count: 30 })).length, 30);
  assert.is(most, 4);
});

test('the floor times every operation of its table', async () => {
  const [, , , of = CASES[0]] = CASES.filter(({ profile }) => profile === 'ec');
  assert.ok(of);
  const floor = await measureFloor(of, { rounds: 1, slice: 2 });
  assert.is(floor.lines.length, OPERATIONS.length);
  assert.ok(floor.lines.every(({ microseconds }) => microseconds > 0));
  assert.ok(floor.cpu > 0);
});

test('a profile is added up by the file that called', () => {
  const ours = new URL('../../router/pipeline.js', import.meta.url).href;
  const frame = (functionName: string, url: string) => ({ functionName, url });
  const summary = summarise({
    nodes: [
      { id: 1, callFrame: frame('(root)', ''), children: [2, 5] },
      { id: 2, callFrame: frame('pipeline', ours), children: [3] },
      { id: 3, callFrame: frame('verify', 'node:internal/crypto/sig'), children: [4] },
      { id: 4, callFrame: frame('run', '') },
      { id: 5, callFrame: frame('(idle)', '') },
    ],
    samples: [2, 3, 4, 5],
    timeDeltas: [1000, 2000, 4000, 8000],
  });
  assert.is(summary.idle, 8);
  assert.is(summary.busy, 7);
  assert.equal(summary.files, [{ name: 'router/pipeline.ts', milliseconds: 7 }]);
  assert.equal(summary.kinds, [
    { name: 'cryptography', milliseconds: 6 },
    { name: 'ours', milliseconds: 1 },
  ]);
});

test('a wrong option is told in one line with what to do next', async () => {
  const failure = await run('--only', 'nothing').then(
    () => undefined,
    (error: { code: number; stderr: string }) => error,
  );
  assert.is(failure?.code, 2);
  assert.match(failure?.stderr ?? '', /there is no case nothing[\s\S]*use one of rsa-2k-1/);
});

test('asked for help it shows its options, and nothing went wrong', async () => {
  const { stdout, stderr } = await run('--help');
  assert.match(stdout, '--only <cases>');
  assert.is(stderr, '');
});

test('a quick run measures the real path, on which everything arrives once', async () => {
  const { stdout } = await run('--quick', '--json', '--seconds', '1');
  const { made, results } = JSON.parse(stdout);
  assert.is(made.cores > 0, true);
  assert.is(results.length, 1);
  const [{ path, floor, jetstream }] = results;
  assert.ok(path.top.delays.rate > 0);
  assert.ok(path.half.p99 >= path.half.p50);
  assert.ok(path.top.cpu.all > floor.alone.cpu, 'the path costs more than its floor');
  assert.ok(Math.abs(path.top.writes.MAILBOX - 2) < 0.5, 'a copy and a receipt for each message');
  assert.is(Math.round(path.top.writes.LEDGER), 4);
  assert.is(jetstream.writes, 14);
  assert.is(path.verified.arrived, path.verified.sent);
  assert.is(path.verified.missing + path.verified.twice, 0);
});

test('many clocks and subscriptions: each update goes to all who asked, and a start reads them all', async () => {
  const { stdout } = await run('--only', 'clocks-and-subscriptions', '--quick', '--json');
  const { crowd, updates, recipients, restarts } = JSON.parse(stdout);
  assert.is(recipients, crowd.agencies);
  assert.is(updates.length, crowd.updates);
  assert.ok(updates.every(({ wall }: { wall: number }) => wall > 0));
  for (const { open, subscriptions } of restarts) {
    assert.ok(open >= crowd.clocks + crowd.subscriptions);
    assert.ok(subscriptions.ms > 0);
  }
});

test.run();
