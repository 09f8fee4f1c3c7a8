/**
 * An operator's day, by the commands: settings, a broker, its streams, the ledger and the dead
 * letters. The commands run in this process; the broker and everything in it are real.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadIdentity } from '../../../certs/keystore.ts';
import { type Bus, isConflict } from '../../../router/bus/bus.ts';
import { connectBus } from '../../../router/bus/connect.ts';
import { adminOptions, readBrokerFolder } from '../../../router/bus/folder.ts';
import { seedFile } from '../../../router/bus/settings.ts';
import { subjects } from '../../../router/bus/subjects.ts';
import type { BusRole } from '../../../router/bus/users.ts';
import { commands as brokerCommands } from '../../../router/commands/broker.ts';
import { commands as letterCommands } from '../../../router/commands/deadletters.ts';
import { commands as ledgerCommands } from '../../../router/commands/ledger.ts';
import { commands as showCommands } from '../../../router/commands/ledger-show.ts';
import { mailboxes } from '../../../router/commands/mailboxes.ts';
import { openDeadLetters, type Story } from '../../../router/deadletters.ts';
import { startNotary } from '../../../router/ledger/notary.ts';
import { openLedger } from '../../../router/ledger.ts';
import { ROUTE_HEADERS } from '../../../router/questions.ts';
import { systemClock } from '../../../schemas/clock.ts';
import type { Command, Report } from '../../../schemas/command.ts';
import { newUuid7 } from '../../../schemas/ids.ts';
import { toProblem } from '../../../schemas/problem.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { AGENCIES, OPERATOR } from '../../town/agencies.ts';
import { paths, routerYaml, writeYaml } from '../../town/files.ts';
import { copyKeys, type TownKeys } from '../../town/keys.ts';
import { freePort } from '../../town/ports.ts';
import { until } from '../../town/wait.ts';
import { anEntry } from '../ledger/house.ts';

const COMMANDS = [
  ...[...brokerCommands, ...ledgerCommands, ...showCommands, ...letterCommands],
  mailboxes,
];
const folder = mkdtempSync(join(tmpdir(), 'ketenpost-operator-'));
const at = (name: string) => join(folder, name);
const POLICE = AGENCIES.politie.oin;
const lines: string[] = [];
const stop = new AbortController();

/** Runs a command as the command line would, with router.yaml of the town. */
function ketenpost(
  name: string,
  args: string[] = [],
  options: Record<string, string | boolean> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Report> {
  const command = COMMANDS.find(
    (one: Command) => one.name.split(' ').slice(0, 2).join(' ') === name,
  );
  if (command === undefined) throw new Error(name);
  const context = {
    progress: () => undefined,
    line: (text: string) => void lines.push(text),
    signal,
  };
  return command.run(args, { config: paths(folder).router, ...options }, context);
}
const failing = (work: Promise<unknown>) =>
  work.then(
    () => assert.unreachable('should have failed'),
    (error) => error,
  );

let keys: TownKeys;
let running: Promise<Report>;
let pipeline: Bus;

test.before(async () => {
  keys = await copyKeys(at('certs'), 'ec', () => undefined);
  const ports = { broker: await freePort(), door: 0, metrics: 0 };
  writeYaml(paths(folder).router, routerYaml({ folder, ports }, keys));
  const tls = keys.identity(OPERATOR.oin).tls as {
    key: string;
    certificate: string;
    passphraseFile: string;
  };
  const settings = {
    ...{
      out: paths(folder).broker,
      port: `${ports.broker}`,
      ca: keys.authority.trust.roots[0] ?? '',
    },
    ...{ certificate: tls.certificate, key: tls.key, passphraseFile: tls.passphraseFile },
  };
  const written = await ketenpost('broker config', [], settings);
  assert.match(written.text ?? '', 'ketenpost broker run');
  running = ketenpost('broker run', [paths(folder).broker], {}, stop.signal);
  await Promise.race([until('the broker', () => lines.length > 0), running]);
  pipeline = await connect('pipeline');
});
test.after(async () => {
  await pipeline.close();
  stop.abort();
  assert.equal((await running).json, { stopped: true });
  rmSync(folder, { recursive: true, force: true });
});

async function connect(role: BusRole): Promise<Bus> {
  const dir = paths(folder).broker;
  const options = adminOptions(dir, await readBrokerFolder(dir));
  return connectBus({ ...options, role, seedFile: seedFile(dir, role), name: role });
}

test('the broker says where it is ready, and has its streams', async () => {
  assert.match(lines[0] ?? '', /^broker ready at tls:\/\/localhost:\d+ \(nats-server /);
  const report = await ketenpost('broker streams');
  assert.is(report.exit, 'ok');
  assert.equal(await pipeline.differences(1), []);
});

test('a folder that is not one of a broker, and settings without a certificate, say what to do', async () => {
  const lost = await failing(ketenpost('broker run', [folder]));
  assert.is(lost.exit, 'usage');
  assert.match(lost.next, 'broker config');
  const bare = await failing(ketenpost('broker config', [], { out: at('other'), ca: 'x' }));
  assert.match(bare.message, '--key');
});

test('a whole ledger verifies, from the broker and from an export, with the configuration or a certificate', async () => {
  const ledger = await openLedger({ bus: pipeline, clock: systemClock });
  for (let n = 0; n < 25; n++) await ledger.append(anEntry());
  const key = (await loadIdentity(keys.identity(OPERATOR.oin))).signing;
  const notary = await startNotary({ bus: pipeline, key, clock: systemClock, everyMs: 20 });
  await until('the checkpoint', async () => (await pipeline.log('CHAIN').state()).count >= 2);
  await notary.stop();
  ledger.stop();
  const verified = await ketenpost('ledger verify');
  assert.is(verified.exit, 'ok', verified.text);
  assert.match(verified.text ?? '', '25 entries in the chain: 25 there and unchanged');
  const export_ = at('ledger.jsonl');
  await ketenpost('ledger export', [export_]);
  const again = await failing(ketenpost('ledger export', [export_]));
  assert.is(again.code, 'EEXIST', 'an export is never written over');
  assert.is((await ketenpost('ledger verify', [], { file: export_ })).exit, 'ok');
  const [certificate = ''] = keys.certificates(OPERATOR.oin, 'authenticiteit');
  const offline = { file: export_, certificate, config: 'nowhere.yaml' };
  assert.is((await ketenpost('ledger verify', [], offline)).exit, 'ok');
  // A certificate of somebody else does not vouch for it.
  const [strange = ''] = keys.certificates(POLICE, 'authenticiteit');
  const doubted = await ketenpost('ledger verify', [], { ...offline, certificate: strange });
  assert.match(doubted.text ?? '', /another certificate than those given/);
  assert.is(doubted.exit, 'failed');
});

test('after one byte of an entry is changed, verify fails and says which', async () => {
  const text = readFileSync(at('ledger.jsonl'), 'utf8').split('\n');
  const line = text.findIndex((one) => one.includes('"part":"ledger","seq":7,'));
  const record = JSON.parse(text[line] ?? '');
  const data = Buffer.from(record.data, 'base64');
  data[data.length - 5] = (data[data.length - 5] ?? 0) ^ 1;
  text[line] = JSON.stringify({ ...record, data: data.toString('base64') });
  writeFileSync(at('forged.jsonl'), text.join('\n'));
  const report = await ketenpost('ledger verify', [], { file: at('forged.jsonl') });
  assert.is(report.exit, 'failed');
  assert.equal(report.table?.rows, [['entry 7', 'is not the entry that was chained']]);
});

test('a witness that holds another history makes verify fail', async () => {
  const key = (await loadIdentity(keys.identity(OPERATOR.oin))).signing;
  const { sign } = await import('../../../certs/sign.ts');
  const claims = { iss: `urn:nld:oin:${OPERATOR.oin}`, iat: 1, omvang: 12, hoofd: 'A'.repeat(43) };
  const jws = await sign(claims, 'ketenpost-waarmerk+jwt', key);
  writeFileSync(at('witness.jsonl'), `${JSON.stringify({ jws, omvang: 12 })}\n`);
  const report = await ketenpost('ledger verify', [], { witness: at('witness.jsonl') });
  assert.is(report.exit, 'failed');
  assert.is(report.table?.rows[0]?.[0], 'witness 1');
});

test('entries are shown by kind and message, without salt', async () => {
  const last = await ketenpost('ledger show', [], { last: '3' });
  assert.equal(
    last.table?.rows.map(([seq]) => seq),
    ['23', '24', '25'],
  );
  const [entry] = (await ketenpost('ledger show', [], { last: '1' })).json as [
    { fields: { bericht: string; salt?: string } },
  ];
  assert.is(entry.fields.salt, undefined);
  const found = await ketenpost('ledger show', [], { last: '20', message: entry.fields.bericht });
  assert.is(found.table?.rows.length, 1);
  assert.match(
    (await ketenpost('ledger show', [], { last: '20', kind: 'register' })).text ?? '',
    'No such',
  );
});

test('how full the mailboxes are, by the word of a pipeline; without one the command says so', async () => {
  const none = await failing(ketenpost('mailboxes'));
  assert.equal([none.exit, none.message], ['unreachable', 'no pipeline answers']);
  const limit = { items: 10, bytes: 1000 };
  const one = { oin: POLICE, naam: 'Politie', status: 'actief', items: 10, bytes: 5 };
  const found = [{ ...one, oldest: 0, full: true, limit }];
  const stopServing = await pipeline.serve(subjects.mailboxLevels, 'pipeline', async () =>
    Buffer.from(JSON.stringify({ mailboxes: found })),
  );
  const { table, text, json } = await ketenpost('mailboxes');
  assert.match(text ?? '', 'Full, and taking no new messages: 1');
  assert.equal(table?.rows, [
    [POLICE, 'Politie', 'actief', '10', '5', '1970-01-01T00:00:00.000Z', '10', '1000', 'FULL'],
  ]);
  assert.equal(json, found);
  await stopServing();
});

const story = (over: Partial<Story> = {}): Story => ({
  ...{ pile: 'ours', sender: POLICE, jti: newUuid7(Date.now()), peer: POLICE, prio: 'spoed' },
  ...{ stage: 'dispatch', cause: 'BusFault', attempts: 3 },
  ...over,
});

test('what is parked is there once, listed without content, and told in the ledger', async () => {
  const ledger = await openLedger({ bus: pipeline, clock: systemClock });
  const letters = openDeadLetters({ bus: pipeline, ledger, clock: systemClock });
  const one = story();
  await letters.park(one, Buffer.from('sealed bytes'));
  await letters.park(one, Buffer.from('sealed bytes'));
  const unknown = story({ pile: 'poison', sender: undefined, jti: undefined });
  await letters.park(unknown, Buffer.from('unreadable'));
  ledger.stop();
  const list = await ketenpost('deadletters list');
  assert.is(list.table?.rows.length, 2);
  assert.not.match(JSON.stringify(list), 'sealed bytes');
  const ours = await ketenpost('deadletters list', [], { pile: 'ours' });
  assert.equal(
    ours.table?.rows.map(([id]) => id),
    [one.jti],
  );
  const shown = await ketenpost('deadletters show', [one.jti?.slice(0, 30) ?? '']);
  assert.match(JSON.stringify(shown.json), '"cause":"BusFault"');
  assert.not.match(JSON.stringify(shown), 'sealed bytes');
  const told = await ketenpost('ledger show', [], { kind: 'dode-letter', last: '9' });
  assert.is(told.table?.rows.length, 2);
  assert.match((await failing(ketenpost('deadletters list', [], { pile: 'none' }))).next, 'poison');
});

test('a redrive offers the sealed bytes again: settled ones go, others stay, a dry run touches none', async () => {
  const offered: string[] = [];
  const verdicts = [
    { ok: false, problem: toProblem(new Refusal('temporarily-unavailable')) },
    { ok: false, problem: toProblem(new Refusal('stale')) },
    { ok: true, value: {} },
  ];
  const stopServing = await pipeline.serve(
    subjects.route('spoed'),
    'p',
    async ({ data, headers }) => {
      offered.push(`${Buffer.from(data).toString()} ${headers[ROUTE_HEADERS.peer]}`);
      return Buffer.from(JSON.stringify(verdicts[offered.length - 1]));
    },
  );
  const dry = await ketenpost('deadletters redrive', [], { all: true, dryRun: true });
  assert.match(dry.text ?? '', '2 would be offered');
  assert.equal(offered, []);
  assert.is((await failing(ketenpost('deadletters redrive'))).exit, 'usage');
  const first = await ketenpost('deadletters redrive', [], { all: true });
  assert.equal(offered, [`sealed bytes ${POLICE}`, `unreadable ${POLICE}`]);
  assert.equal(
    first.table?.rows.map((row) => row.slice(1)),
    [
      ['kept', 'temporarily-unavailable'],
      ['refused', 'stale'],
    ],
  );
  assert.is(first.exit, 'failed');
  const [left] = (await ketenpost('deadletters list')).table?.rows ?? [];
  const second = await ketenpost('deadletters redrive', [left?.[0] ?? '']);
  assert.is(second.text, '1 settled, 0 kept.');
  assert.match((await ketenpost('deadletters list')).text ?? '', 'no dead letters');
  const told = await ketenpost('ledger show', [], { kind: 'herinzending', last: '9' });
  assert.is(told.table?.rows.length, 3);
  await stopServing();
});

test('nothing that was told to nobody: with no pipeline a redrive keeps the letter', async () => {
  const ledger = await openLedger({ bus: pipeline, clock: systemClock });
  await openDeadLetters({ bus: pipeline, ledger, clock: systemClock }).park(
    story(),
    Buffer.from('x'),
  );
  ledger.stop();
  const report = await ketenpost('deadletters redrive', [], { all: true });
  assert.equal(report.table?.rows[0]?.slice(1), ['kept', 'unanswered']);
  const log = pipeline.log('DEADLETTER');
  assert.is((await log.state()).count, 1);
  assert.not.ok(
    isConflict(await log.put(subjects.deadLetter('ours', 'unknown', 'free'), Buffer.from(''))),
  );
});

test.run();
