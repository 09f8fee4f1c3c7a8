/** The adapter as a process: it starts, serves several agencies, stays small, stops cleanly, survives a kill. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { acknowledge, inbox, read, reject } from '../../adapters/commands/inbox.ts';
import { rotate } from '../../adapters/commands/rotate-key.ts';
import { send } from '../../adapters/commands/send.ts';
import { track } from '../../adapters/commands/track.ts';
import { witnesses } from '../../adapters/commands/witnesses.ts';
import type { Posted } from '../../adapters/outlet.ts';
import type { Track } from '../../adapters/track.ts';
import type { Command, CommandContext } from '../../schemas/command.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Running } from './process.ts';
import { openStand, report, type Stand, sample, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
let stand: Stand;
let config: string;
let running: Running;
const lines: string[] = [];
const context: CommandContext = {
  progress: () => undefined,
  line: (text) => lines.push(text),
  signal: new AbortController().signal,
};
const start = () => new Running('adapter', 'adapter', { config });

test.before(async () => {
  stand = await openStand();
  config = join(stand.folder, 'adapter.yaml');
  const rest = (name: string) => ({ rest: { tokenFile: join(stand.folder, name, 'token') } });
  const agencies = (['politie', 'vt'] as const).map((name) => ({
    ...stand.config(name),
    ...rest(name),
  }));
  writeFileSync(config, stringify({ log: { level: 'debug' }, agencies }));
  running = start();
  await running.line(new RegExp(`ready oin=${VT} rest=http://127.0.0.1:\\d+`));
});
test.after(async () => {
  running.child.kill('SIGKILL');
  await running.ended;
  await stand.close();
});

/** Runs a command of people against the process. */
const run = (command: Command, args: string[], options: object = {}) =>
  command.run(args, { config, agency: POLICE, ...options }, context);

function fileOf(content: unknown): string {
  const file = join(stand.folder, 'bericht.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

test('a ready line for each agency, on standard output, and nothing else there', () => {
  const said = running.stdout.trim().split('\n');
  assert.is(said.length, 2);
  assert.match(said[0] ?? '', new RegExp(`^ready oin=${POLICE} rest=http://127\\.0\\.0\\.1:\\d+$`));
});

test('send hands in a body and waits; track tells the line of time', async () => {
  const file = fileOf(sample('vt-melding', 'heusden-spoed'));
  const options = { type: 'vt-melding', to: VT, grondslag: 'wpg-18.1', prio: 'spoed', wait: true };
  const sent = await run(send, [file], options);
  assert.is(sent.exit, 'ok');
  const { bericht } = sent.json as Track;
  const told = await run(track, [bericht]);
  assert.equal(
    told.table?.rows.map((row) => row[1]),
    ['ingediend', 'aanvaard', 'afgeleverd'],
  );
});

test('inbox lists, reads, acknowledges and rejects', async () => {
  const sent = await run(send, [fileOf(report())]);
  const { bericht } = sent.json as Posted;
  const at = { agency: VT };
  await until('delivery', async () =>
    (await run(inbox, [], at)).table?.rows.some((row) => row[4] === `${POLICE}/${bericht}`),
  );
  const opened = await run(read, [`${POLICE}/${bericht}`], { ...at, medewerker: 'T. Riage' });
  assert.match(opened.text ?? '', 'verified');
  await run(acknowledge, [POLICE, bericht], { ...at, medewerker: 'T. Riage' });
  const rejected = run(reject, [POLICE, bericht], { ...at, code: 'not-processable' });
  await rejected.then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'state-conflict'),
  );
  await until('the police to know', async () =>
    (await run(track, [bericht])).text?.includes('verwerkt'),
  );
});

test('a faulty message tells every fault', async () => {
  await run(send, [fileOf(report({ prio: 'heel', grondslag: 7 }))]).then(
    () => assert.unreachable(),
    (error) => assert.ok(error.faults.length >= 2),
  );
});

test('witnesses are exported beside the running adapter', async () => {
  lines.length = 0;
  const { json } = await run(witnesses, []);
  assert.ok(lines.length > 0);
  assert.equal(
    lines.map((line) => JSON.parse(line)),
    json,
  );
  assert.equal(Object.keys(JSON.parse(lines[0] ?? '')), [
    'iss',
    'iat',
    'omvang',
    'hoofd',
    'waarmerk',
  ]);
});

test('several agencies: neither sees what the other has', async () => {
  const url = running.stdout.match(new RegExp(`oin=${VT} rest=(\\S+)`))?.[1] ?? '';
  const token = readFileSync(join(stand.folder, 'politie', 'token'), 'utf8').trim();
  const answer = await fetch(`${url}/v1/postvak`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.is(answer.status, 401);
  const said = running.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { oin?: string });
  assert.ok(said.every(({ oin }) => oin === POLICE || oin === VT));
});

test('killed at any moment, it goes on where it was: nothing lost, nothing twice', async () => {
  const sent: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const some = await Promise.all(Array.from({ length: 6 }, () => run(send, [fileOf(report())])));
    sent.push(...some.map(({ json }) => (json as Posted).bericht));
    running.child.kill('SIGKILL');
    await running.ended;
    stand.door.router.mail.giveAgain();
    running = start();
    await running.line(new RegExp(`ready oin=${VT}`));
  }
  stand.door.router.mail.giveAgain();
  for (const jti of sent) {
    await until(
      'delivery',
      async () => ((await run(track, [jti])).json as Track).staat === 'afgerond',
      60,
    );
  }
  const received = await run(inbox, [], { agency: VT });
  const ids = received.table?.rows.map((row) => row[4]?.split('/')[1] ?? '') ?? [];
  assert.is(new Set(ids).size, ids.length);
  assert.ok(sent.every((jti) => ids.includes(jti)));
});

test('it stays small', async () => {
  const sent = await Promise.all(
    Array.from({ length: 80 }, async () => (await run(send, [fileOf(report())])).json as Posted),
  );
  const last = sent.at(-1)?.bericht ?? '';
  await until(
    'delivery',
    async () => ((await run(track, [last])).json as Track).staat === 'afgerond',
  );
  const { megabytes } = running;
  if (megabytes !== undefined) assert.ok(megabytes < 150, `${megabytes} MB for two agencies`);
});

test('the key of a running store is not rotated under its feet', async () => {
  await run(rotate, []).then(
    () => assert.unreachable(),
    (error) => assert.match(error.next, 'stop that one first'),
  );
});

test('asked to stop it stops cleanly, and takes its address away', async () => {
  const addresses = ['politie', 'vt'].map((name) => join(stand.folder, name, 'adapter.db.url'));
  assert.ok(addresses.every((file) => existsSync(file)));
  running.child.kill('SIGTERM');
  assert.is(await running.ended, 0);
  assert.not.ok(addresses.some((file) => existsSync(file)));
  assert.match(running.stdout, 'stopped');
  await run(track, ['x']).then(
    () => assert.unreachable(),
    (error) => assert.is(error.exit, 'unreachable'),
  );
  const { values } = (await run(rotate, [])).json as { values: number };
  assert.ok(values > 80);
});

test.run();
