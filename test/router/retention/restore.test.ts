/**
 * The rehearsal: a backup is made, life goes on, the broker's disk is lost with all that came after, and
 * the old backup is brought back. Real processes. In the end every message is there once and its
 * sender knows, because the two ends keep what the middle lost.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import type { RetentionReport } from '../../../router/retention/report.ts';
import { EXITS } from '../../../schemas/command.ts';
import type { Uuid7 } from '../../../schemas/ids.ts';
import { AGENCIES } from '../../town/agencies.ts';
import type { Desk } from '../../town/desk.ts';
import { runKetenpost } from '../../town/ketenpost.ts';
import type { RawAgency } from '../../town/raw.ts';
import { sample } from '../../town/samples.ts';
import { type Part, startTown, type Town } from '../../town/town.ts';
import { until } from '../../town/wait.ts';
import { filesWith } from './search.ts';

let folder: string;
let town: Town;
let backup: string;
test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ketenpost-restore-'));
  town = await startTown({ folder, agencies: ['politie', 'vt'] });
  backup = join(folder, 'backup');
  waitBriefly();
  await router().stop();
  await router().start();
});
test.after(async () => {
  await town?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const NAMES = ['politie', 'vt'] as const;
type Name = (typeof NAMES)[number];
const adapter = (name: Name): Part => town.adapters[name] as Part;
const router = (): Part => town.router[0] as Part;
const inhoud = sample('vt-melding', 'klein-2kb');
const { vt: VT } = AGENCIES;

/** From its next start on nothing is waited for long: no offer, and no copy that a stopped adapter had taken. */
function waitBriefly(): void {
  for (const name of NAMES) {
    change(town.paths.adapterYaml(name), (config) => {
      for (const agency of config.agencies) agency.longestWaitSeconds = 2;
    });
  }
  change(town.paths.router, (config) => {
    config.pipeline = { leaseSeconds: 5 };
  });
}

function change(file: string, how: (config: ReturnType<typeof parse>) => void): void {
  const config = parse(readFileSync(file, 'utf8'));
  how(config);
  writeFileSync(file, stringify(config));
}

const report = async (from: Desk): Promise<Uuid7> => {
  const grondslag = 'bpg-4.2.1.i';
  const draft = { berichttype: 'vt-melding', grondslag, inhoud, prio: 'spoed' } as const;
  return (await from.send(draft)).bericht;
};

const retention = () =>
  town.ketenpost<RetentionReport>('retention', 'report', '--config', town.paths.router);
const verify = async (...args: string[]) => {
  const said = await runKetenpost(
    ...['ledger', 'verify', '--config', town.paths.router, '--json', ...args],
  );
  return { status: said.status, verdict: JSON.parse(said.stdout) };
};

/** Exports the witnesses of the police. @returns how many entries of the ledger they cover */
async function exportWitnesses(): Promise<number> {
  const config = town.paths.adapterYaml('politie');
  await town.ketenpost('adapter', 'witnesses', '--config', config, '--out', witnesses());
  const lines = readFileSync(witnesses(), 'utf8').trim().split('\n');
  return Math.max(...lines.map((line) => (line === '' ? 0 : JSON.parse(line).omvang)));
}
const witnesses = () => join(folder, 'witnesses.jsonl');

/** Where the report stands in the inbox, one row for each time that it came. */
const timesReceived = async (id: Uuid7): Promise<number> =>
  (await town.agencies.vt.inbox()).filter(({ bericht }) => bericht === id).length;

let atBackup = 0;
let halt: RawAgency;
let kept: string;
const sent: Record<'before' | 'waiting' | 'after' | 'untold' | 'accepted', Uuid7> = {} as never;

test('the report says that the promise is kept, and shows bodies and traffic data', async () => {
  const { politie, vt } = town.agencies;
  sent.before = await report(politie);
  await politie.untilState(sent.before, vt.oin, 'afgeleverd');
  const made = await until('the receipt to be fetched', async () => {
    const now = await retention();
    return now.contents?.notices.count === 0 ? now : undefined;
  });
  assert.is(made.promise, 'kept');
  assert.is(made.contents?.copies.count, 0);
  const rows = Object.fromEntries(made.streams.map((row) => [row.stream, row]));
  assert.is(rows['MAILBOX']?.keeps, 'bodies');
  assert.is(rows['RECEIPT']?.keeps, 'traffic data');
  assert.ok((rows['LEDGER']?.count ?? 0) >= 4);
  const said = await runKetenpost('retention', 'report', '--config', town.paths.router);
  assert.is(said.status, EXITS.ok);
  assert.match(said.stdout, 'The promise is kept');
});

test('a backup is made of the broker that stands still, and holds no bodies', async () => {
  const { politie, vt } = town.agencies;
  await adapter('vt').stop();
  sent.waiting = await report(politie);
  await politie.untilState(sent.waiting, VT.oin, 'aanvaard');
  const args = [
    'broker',
    'backup',
    town.paths.broker,
    '--out',
    backup,
    '--config',
    town.paths.router,
  ];
  await router().stop();
  atBackup = (await verify()).verdict.size;
  await town.broker.stop();
  const made = await town.ketenpost<{ files: number; bodies: boolean }>(...args);
  assert.is(made.bodies, false);
  // The name of the message stands in the ledger, which is in it; the stream with its body is not.
  assert.ok(filesWith(backup, sent.waiting).length > 0);
  assert.equal(
    filesWith(backup, sent.waiting).filter((path) => path.includes('/MAILBOX/')),
    [],
  );
  assert.ok(existsSync(join(backup, 'broker', 'admin.seed')));
  await town.broker.start();
  // What is not in the backup is still in the store: nothing was taken away.
  await router().start();
  await adapter('vt').start();
  await politie.untilState(sent.waiting, vt.oin, 'afgeleverd', 100);
});

test('life goes on: told, delivered but not told yet, and accepted only', async () => {
  const { politie, vt } = town.agencies;
  // An acceptance carries a checkpoint of some seconds ago.
  await until('a witness of what came after the backup', async () => {
    sent.after = await report(politie);
    await politie.untilState(sent.after, vt.oin, 'afgeleverd');
    return (await exportWitnesses()) > atBackup;
  });
  await adapter('vt').stop();
  sent.untold = await report(politie);
  await politie.untilState(sent.untold, VT.oin, 'aanvaard');
  await adapter('politie').stop();
  await adapter('vt').start();
  await until('the copy to be delivered', async () => {
    const { contents } = await retention();
    return contents?.copies.count === 0 && contents.notices.count > 0;
  });
  await adapter('vt').stop();
  // An agency whose system keeps what it sent, and offers it by hand.
  halt = await town.raw('halt');
  const claims = halt.claims({ berichttype: 'vt-melding', grondslag: 'wmo-5.2.6', inhoud });
  kept = await halt.seal(await halt.sign(claims));
  sent.accepted = claims.jti;
  assert.is((await halt.submit(kept)).status, 202);
});

test("the broker's disk is lost, and the backup brought back, whole or not at all", async () => {
  await router().kill();
  await town.broker.kill();
  rmSync(town.paths.broker, { recursive: true });
  await town.ketenpost('broker', 'restore', backup, town.paths.broker);
  await town.broker.start();
  const made = await town.ketenpost<{ made: string[] }>(
    ...['broker', 'streams', '--config', town.paths.router],
  );
  assert.equal(made.made.sort(), ['DEADLETTER', 'MAILBOX']);
});

test('the witness of an agency tells what was cut off', async () => {
  const witnessed = await verify('--witness', witnesses());
  assert.is(witnessed.status, EXITS.failed);
  assert.match(JSON.stringify(witnessed.verdict.faults), 'entries were taken away');
});

test('every accepted message is there once, and every sender knows', async () => {
  const { politie, vt } = town.agencies;
  await router().start();
  for (const name of NAMES) await adapter(name).start();
  for (const id of [sent.before, sent.waiting, sent.after, sent.untold])
    await politie.untilState(id, vt.oin, 'afgeleverd', 100);
  assert.is((await halt.submit(kept)).status, 202);
  await vt.untilReceived(halt.identity.oin, sent.accepted);
  for (const [name, id] of Object.entries(sent)) assert.is(await timesReceived(id), 1, name);
  const made = await retention();
  assert.is(made.promise, 'kept');
  assert.is(made.contents?.copies.count, 0);
  const { status, verdict } = await verify();
  assert.is(status, EXITS.ok, JSON.stringify(verdict.faults));
});

test.run();
