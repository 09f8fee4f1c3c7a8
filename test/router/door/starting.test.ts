/** The role door as it runs: on a real broker, as a process, from its ready line to its last. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { subjects } from '../../../router/bus/subjects.ts';
import type { Ophaalantwoord } from '../../../schemas/generated/wire.ts';
import { until } from '../../town/wait.ts';
import { yes } from './memory-bus.ts';
import { JTI, JWE, JWS, POLICE, VT } from './stand.ts';
import { openWhole } from './whole.ts';

const NOTHING: Ophaalantwoord = {
  ...{ afleveringen: [], ontvangstbewijzen: [], uitslagen: [], meer: false },
};
const SOMETHING: Ophaalantwoord = {
  ...NOTHING,
  afleveringen: [{ afzender: POLICE, bericht: JTI, prio: 'spoed', inhoud: JWE }],
};
const accepted = yes({
  ...{ bericht: JTI, staat: 'aanvaard' as const, ontvangers: [VT] },
  ...{ ontvangstbewijs: JWS, herhaald: false },
});
const JSON_BODY = { 'content-type': 'application/json' };

const whole = await openWhole();
const children: ChildProcess[] = [];
test.after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await whole.close();
});

const PROGRAM = fileURLToPath(new URL('./run-router.js', import.meta.url));

/** Starts the process and gives its addresses, its log and its end. */
async function run(role: string, file = whole.file) {
  const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM, file, role]);
  children.push(child);
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void exit.then(() => reject(new Error(log)));
  });
  const [, door = ''] = /door=(\S+)/.exec(line) ?? [];
  const [, metrics = ''] = /metrics=(\S+)/.exec(line) ?? [];
  return { child, exit, line, door, metrics, log: () => log };
}
const readiness = async (url: string) => {
  const answer = await fetch(`${url}/readyz`);
  return [answer.status, await answer.json()];
};

test('a message goes over the real bus, a notice wakes a poll, SIGTERM ends it in order', async () => {
  let mailbox = NOTHING;
  let onPoll: () => void = () => undefined;
  const polled = new Promise<void>((resolve) => {
    onPoll = resolve;
  });
  await whole.answer({
    route: () => accepted,
    collect() {
      onPoll();
      return yes(mailbox);
    },
  });
  const { child, exit, line, door, metrics, log } = await run('door');
  assert.match(
    line,
    /^ready role=door door=https:\/\/localhost:\d+ metrics=http:\/\/127.0.0.1:\d+$/,
  );
  assert.equal(await readiness(metrics), [200, { ready: true, checks: { door: true } }]);
  const { police, vt } = await whole.clients(door);
  const submit = () =>
    police.ask('/v1/berichten', {
      ...{ method: 'POST', body: JWE, headers: { 'content-type': 'application/jose' } },
    });
  const poll = () =>
    vt.ask(`/v1/postbus/${VT}/_ophalen`, {
      ...{ method: 'POST', headers: JSON_BODY },
      body: JSON.stringify({ bewijs: JWS, wachten: 60 }),
    });
  assert.is((await submit()).status, 202);
  assert.is((await vt.ask('/v1/berichttypen/vt-melding/1.0/schema')).status, 200);

  const waiting = poll();
  await polled;
  mailbox = SOMETHING;
  whole.broker.buses.pipeline.notify(subjects.notice(VT));
  assert.equal((await waiting).body, SOMETHING);

  const counted = await (await fetch(`${metrics}/metrics`)).text();
  assert.match(counted, /ketenpost_requests_total\{route="POST \/v1\/berichten",status="202"\} 1/);
  assert.match(counted, /process_resident_memory_bytes \d/);

  await whole.silence();
  assert.is((await readiness(metrics))[0], 503);
  const { status, body } = await submit();
  assert.is(status, 503);
  assert.is(body.code, 'temporarily-unavailable');

  await whole.answer({ route: () => accepted, collect: () => yes(NOTHING) });
  await until('the door to be ready again', async () => (await readiness(metrics))[0] === 200);
  const last = poll();
  await until('the poll to be under way', async () =>
    /in_flight\{lane="poll"\} 1/.test(await textOf(`${metrics}/metrics`)),
  );
  child.kill('SIGTERM');
  assert.equal((await last).body, NOTHING);
  assert.is(await exit, 0);
  const messages = log()
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one).msg);
  assert.is(messages[0], 'ready');
  assert.equal(messages.slice(-1), ['stopped']);
});

test('a second signal does not wait for anybody', async () => {
  let onRoute: () => void = () => undefined;
  const routed = new Promise<void>((resolve) => {
    onRoute = resolve;
  });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await whole.answer({
    async route() {
      onRoute();
      await released;
      return accepted;
    },
  });
  const { child, exit, door, log } = await run('door');
  const { police } = await whole.clients(door);
  const stuck = police
    .ask('/v1/berichten', {
      ...{ method: 'POST', body: JWE, headers: { 'content-type': 'application/jose' } },
    })
    .catch(() => 'cut off');
  await routed;
  child.kill('SIGTERM');
  await until('the stop', () => log().includes('"stopping"'));
  child.kill('SIGTERM');
  assert.is(await exit, 1);
  assert.is(await stuck, 'cut off');
  release();
});

test('the thief of the door finds one key, and a place on the bus that asks and listens', async () => {
  const { door: bus } = whole.broker.buses;
  assert.ok(bus);
  const [said] = await Promise.allSettled([bus.log('MAILBOX').state()]);
  assert.is(said?.status, 'rejected');
});

test('what is missing is told with what to do', async () => {
  const failed = await run('door', '/nowhere/router.yaml').catch((error: Error) => error.message);
  assert.match(String(failed), /cannot read \/nowhere\/router.yaml/);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const second = `${whole.file}.second.yaml`;
  const text = readFileSync(whole.file, 'utf8');
  for (const part of ['  port: 0', '    port: 0']) {
    writeFileSync(second, text.replace(`\n${part}\n`, `\n${part.replace('0', String(port))}\n`));
    const busy = await run('door', second).catch((error: Error) => error.message);
    assert.match(String(busy), new RegExp(`cannot listen on 127.0.0.1 port ${port}`));
  }
  taken.close();
  const role = await run('portier').catch((error: Error) => error.message);
  assert.match(String(role), /there is no such role/);
});

const textOf = async (url: string) => (await fetch(url)).text();

test.run();
