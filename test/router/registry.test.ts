/** The register: made from files by command, signed, compared, brought back; and swapped live, whole or not at all. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { readCertificate } from '../../certs/certificate.ts';
import { loadIdentity, loadSigningKey } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import { type Bucket, type Bus, BusFault } from '../../router/bus/bus.ts';
import { policyExplain } from '../../router/commands/policy.ts';
import { REGISTRY_COMMANDS } from '../../router/commands/registry.ts';
import { openLog } from '../../router/log.ts';
import { LiveRegister } from '../../router/registry/live.ts';
import { type Manifest, signManifest } from '../../router/registry/manifest.ts';
import { RegisterStore } from '../../router/registry/store.ts';
import type { CommandError, Report } from '../../schemas/command.ts';
import { toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES, OPERATOR, REGISTRAR } from '../town/agencies.ts';
import { registerEntry, routerYaml, writeYaml } from '../town/files.ts';
import { copyKeys, type TownKeys } from '../town/keys.ts';
import { until } from '../town/wait.ts';
import { startTestBroker, type TestBroker } from './bus/broker.ts';

const folder = mkdtempSync(join(tmpdir(), 'ketenpost-registry-'));
const agencies = join(folder, 'agencies');
const config = join(folder, 'router.yaml');
let broker: TestBroker;
let keys: TownKeys;
let live: LiveRegister;
const lines: string[] = [];

test.before(async () => {
  [broker, keys] = await Promise.all([
    startTestBroker(),
    copyKeys(join(folder, 'certs'), 'ec', () => undefined),
  ]);
  for (const agency of [OPERATOR, ...Object.values(AGENCIES)]) {
    writeYaml(join(agencies, `${agency.oin}.yaml`), registerEntry(agency, keys, 'ec'));
  }
  const places = { folder, ports: { broker: 1, door: 0, metrics: 0 } };
  const credentials = { admin: broker.seed('admin') };
  const { broker: _, ...yaml } = routerYaml(places, keys);
  writeYaml(config, { ...yaml, broker: { servers: broker.servers, ca: broker.ca, credentials } });
  live = await LiveRegister.open({
    bus: broker.buses.pipeline,
    registrar: pinned(),
    log: openLog('info', 'test', { write: (line) => void lines.push(line) }),
  });
});
test.after(async () => {
  live.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const pinned = () =>
  keys
    .certificates(REGISTRAR.oin, 'authenticiteit')
    .map((file) => readCertificate(readFileSync(file, 'utf8')));

const context = {
  progress: () => undefined,
  line: () => undefined,
  signal: new AbortController().signal,
};

function keyOptions(): Record<string, string> {
  const source = keys.identity(REGISTRAR.oin).signing;
  const { passphraseFile } = source;
  return 'p12' in source
    ? { registrarKey: source.p12, passphraseFile }
    : { registrarKey: source.key, registrarCertificate: source.certificate, passphraseFile };
}

/** Runs `ketenpost registry <name> …` with the registrar's key. */
function run(name: string, args: string[] = [], options: object = {}): Promise<Report> {
  const command = REGISTRY_COMMANDS.find((one) => one.name.split(' ')[1] === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command.run(args, { config, ...keyOptions(), ...options }, context);
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into a report
const json = async (report: Promise<Report>) => (await report).json as any;

const edit = (oin: string, change: object) => {
  const file = join(agencies, `${oin}.yaml`);
  writeYaml(file, { ...parse(readFileSync(file, 'utf8')), ...change });
};

/** What a command says when it says no. */
async function noOf(report: Promise<unknown>): Promise<CommandError> {
  try {
    await report;
  } catch (error) {
    return error as CommandError;
  }
  throw new Error('this should have been refused');
}

const version = (wanted: number) =>
  until(`version ${wanted} in use`, () => live.current.version === wanted);

test('before anything is registered there is nobody, and a dry run shows what would be', async () => {
  assert.equal([live.current.version, live.current.all()], [0, []]);
  const { changes, applied } = await json(run('apply', [agencies], { dryRun: true }));
  assert.is(applied, false);
  assert.equal(
    changes.map(({ what }: { what: string }) => what),
    Array(8).fill('new'),
  );
  assert.is((await json(run('list'))).version, 0);
});

test('a slip of the pen is told with what may stand there', async () => {
  const odd = join(folder, 'odd');
  mkdirSync(odd);
  const name = `${AGENCIES.vt.oin}.yaml`;
  const entry = parse(readFileSync(join(agencies, name), 'utf8'));
  const openingstijden = [{ dagen: ['maandag'], van: '8:30', tot: '24:00' }];
  writeYaml(join(odd, name), { ...entry, openingstijden });
  const { message } = await noOf(run('diff', [odd]));
  assert.match(message, 'ma, di, wo, do, vr, za, zo, feestdag');
  assert.match(message, '/openingstijden/0/van must match pattern');
  assert.match(message, "such as '08:30'");
  rmSync(odd, { recursive: true });
});

test('a register without the router itself would leave every adapter waiting: it is told', async () => {
  const without = join(folder, 'without');
  mkdirSync(without);
  const name = `${AGENCIES.vt.oin}.yaml`;
  copyFileSync(join(agencies, name), join(without, name));
  const { findings } = await json(run('diff', [without]));
  assert.equal(
    findings.map(({ oin, grave }: { oin: string; grave: boolean }) => [oin, grave]),
    [[OPERATOR.oin, false]],
  );
});

test('apply signs all and the pipeline uses it within a second', async () => {
  const report = await json(run('apply', [agencies]));
  assert.equal([report.version, report.applied, report.findings], [1, true, []]);
  await version(1);
  const vt = live.current.agency(AGENCIES.vt.oin);
  assert.is(vt?.naam, AGENCIES.vt.naam);
  assert.equal(live.current.byVtRegion('VT15', Date.now()), [vt]);
});

test('policy explain looks up agencies in the live register', async () => {
  const options = { config, type: 'vt-melding', grondslag: 'bpg-4.2.1.i' };
  const named = { ...options, van: AGENCIES.politie.oin, naar: AGENCIES.vt.oin };
  assert.is((await policyExplain.run([], named, context)).exit, 'ok');
  const placed = { ...options, van: AGENCIES.politie.oin, gemeente: '0797' };
  const { text, exit } = await policyExplain.run([], placed, context);
  assert.is(exit, 'ok');
  assert.match(text ?? '', AGENCIES.vt.oin);
  const elsewhere = await policyExplain.run([], { ...placed, gemeente: '0363' }, context);
  assert.is(elsewhere.exit, 'refused');
  assert.match(elsewhere.text ?? '', 'no Veilig Thuis is registered');
});

test('the same files again change nothing', async () => {
  const { changes, applied, version: still } = await json(run('apply', [agencies]));
  assert.equal([changes, applied, still], [[], false, 1]);
});

test('diff shows each member that differs, from what to what', async () => {
  edit(AGENCIES.halt.oin, { naam: 'Halt Nederland', mandaten: [AGENCIES.vt.oin] });
  const { changes } = await json(run('diff', [agencies]));
  assert.equal(
    changes.map(({ member, from, to }: Record<string, string>) => [member, from, to]),
    [
      ['naam', 'Halt', 'Halt Nederland'],
      ['mandaten', '[]', `["${AGENCIES.vt.oin}"]`],
    ],
  );
  const before = live.current.agency(AGENCIES.vt.oin)?.registratie;
  await run('apply', [agencies]);
  await version(2);
  assert.is(live.current.agency(AGENCIES.halt.oin)?.naam, 'Halt Nederland');
  // Who did not change keeps the signature of before.
  assert.is(live.current.agency(AGENCIES.vt.oin)?.registratie, before);
});

test('suspend and resume change one agency, and say why', async () => {
  await run('suspend', [AGENCIES.halt.oin], { reason: 'sleutel kwijt' });
  await version(3);
  assert.is(live.current.agency(AGENCIES.halt.oin)?.status, 'geschorst');
  assert.is((await json(run('show', [AGENCIES.halt.oin]))).redenSchorsing, 'sleutel kwijt');
  await run('resume', [AGENCIES.halt.oin]);
  await version(4);
  const shown = await json(run('show', [AGENCIES.halt.oin]));
  assert.equal([shown.status, shown.redenSchorsing], ['actief', undefined]);
  assert.is((await noOf(run('suspend', ['00000099000000099000']))).exit, 'refused');
  assert.is((await noOf(run('suspend', ['halt']))).exit, 'usage');
});

test('rollback brings back the version before as a new one, or the one that is named', async () => {
  assert.is((await json(run('rollback'))).version, 5);
  await version(5);
  assert.is(live.current.agency(AGENCIES.halt.oin)?.status, 'geschorst');
  await run('rollback', ['1']);
  await version(6);
  assert.is(live.current.agency(AGENCIES.halt.oin)?.naam, 'Halt');
  assert.is((await noOf(run('rollback', ['6']))).exit, 'usage');
});

test('every change stands in the ledger, by whom and with which version', async () => {
  const found: Record<string, unknown>[] = [];
  for await (const { data } of broker.buses.admin.log('LEDGER').list('ledger.v1.register')) {
    found.push(JSON.parse(Buffer.from(data).toString()));
  }
  assert.equal(
    found.map(({ handeling, versie }) => [handeling, versie]),
    [
      ['apply', 1],
      ['apply', 2],
      ['suspend', 3],
      ['resume', 4],
      ['rollback', 5],
      ['rollback', 6],
    ],
  );
});

test('what could never work is not signed, and everything wrong is said at once', async () => {
  const halt = registerEntry(AGENCIES.halt, keys, 'ec');
  const [vtSigning] = keys.certificates(AGENCIES.vt.oin, 'authenticiteit');
  const [haltTls] = keys.certificates(AGENCIES.halt.oin, 'tls');
  edit(AGENCIES.halt.oin, {
    ...{ rollen: ['hulp'], werkgebied: { vtRegio: 'VT99' } },
    certificaten: { ...halt.certificaten, authenticiteit: [vtSigning, haltTls] },
  });
  const { message, exit } = await noOf(run('apply', [agencies]));
  assert.is(exit, 'refused');
  for (const part of ['no role hulp', 'VT99', 'another OIN', 'key usage|purpose']) {
    assert.match(message, new RegExp(part));
  }
  assert.is((await json(run('list'))).version, 6);
  writeYaml(join(agencies, `${AGENCIES.halt.oin}.yaml`), halt);
});

test('a file that is wrong is told by file and place, and nothing is changed', async () => {
  edit(AGENCIES.vt.oin, { status: 'open', kleur: 'blauw' });
  writeFileSync(join(agencies, 'zz.yaml'), 'a: [');
  const { message, exit } = await noOf(run('apply', [agencies]));
  assert.is(exit, 'usage');
  for (const part of [`${AGENCIES.vt.oin}.yaml: /status`, 'zz.yaml: not YAML']) {
    assert.match(message, part);
  }
  rmSync(join(agencies, 'zz.yaml'));
  writeYaml(join(agencies, `${AGENCIES.vt.oin}.yaml`), registerEntry(AGENCIES.vt, keys, 'ec'));
  assert.is(readdirSync(agencies).length, 8);
});

test('only the pinned registrar signs', async () => {
  const police = keys.identity(AGENCIES.politie.oin).signing;
  const other =
    'p12' in police
      ? { registrarKey: police.p12, passphraseFile: police.passphraseFile }
      : {
          ...{ registrarKey: police.key, registrarCertificate: police.certificate },
          passphraseFile: police.passphraseFile,
        };
  edit(AGENCIES.vt.oin, { naam: 'Veilig Thuis elders' });
  assert.is((await noOf(run('apply', [agencies], other))).exit, 'usage');
  assert.is((await noOf(run('apply', [agencies], { registrarKey: undefined }))).exit, 'usage');
});

test('a register that is not good as a whole changes nothing, and the next good one is taken', async () => {
  const store = new RegisterStore(await broker.buses.admin.bucket('registry'));
  const key = await loadSigningKey(keys.identity(REGISTRAR.oin).signing);
  const { signing: forger } = await loadIdentity(keys.identity(AGENCIES.politie.oin));
  const iat = Math.floor(Date.now() / 1000);
  const manifest = (versie: number, agencies: Manifest['agencies'] = {}) => ({
    ...{ iss: toUrn(REGISTRAR.oin), iat, versie, vorige: 0, agencies },
  });
  const missing = { [AGENCIES.vt.oin]: 'a'.repeat(64) };
  const bad: [version: number, jws: string][] = [
    [7, await signManifest(manifest(7), forger)],
    [8, await signManifest(manifest(8, missing), key)],
    [9, await signManifest(manifest(99), key)],
    [10, await sign({ ...manifest(10), more: 1 }, TYP.manifest, key)],
    [11, 'nothing'],
  ];
  const before = live.current;
  for (const [versie, jws] of bad) {
    const refused = lines.length;
    const { revision } = (await store.current()) ?? { revision: 0 };
    assert.is(await store.publish(versie, jws, revision), true);
    await until(`version ${versie} to be refused`, () =>
      lines.slice(refused).some((line) => line.includes('register refused')),
    );
    assert.is(live.current, before);
  }
  const { revision } = (await store.current()) ?? { revision: 0 };
  assert.is(await store.publish(12, await signManifest(manifest(12), key), revision), true);
  await version(12);
  assert.equal(live.current.all(), []);
  // Back to what was signed before: the version is old, so it is not taken.
  const old = await broker.buses.admin.bucket('registry');
  await old.put('current', Buffer.from('6'));
  await until('the old version to be refused', () =>
    lines.some((line) => line.includes('"version":6,"kept":12')),
  );
  assert.is(live.current.version, 12);
});

test('a register that could not be read is read again, without another sign', async () => {
  const bus = broker.buses.pipeline;
  let away = false;
  const flaky: Bus = {
    ...bus,
    bucket: async (name) => {
      const bucket = await bus.bucket(name);
      const get: Bucket['get'] = (key) =>
        away && key !== 'current' ? Promise.reject(new BusFault('away')) : bucket.get(key);
      return { ...bucket, get };
    },
  };
  const said: string[] = [];
  const log = openLog('info', 'test', { write: (line) => void said.push(line) });
  const other = await LiveRegister.open({ bus: flaky, registrar: pinned(), log, lookMs: 50 });
  const { version: before } = other.current;
  away = true;
  const store = new RegisterStore(await broker.buses.admin.bucket('registry'));
  const key = await loadSigningKey(keys.identity(REGISTRAR.oin).signing);
  const iat = Math.floor(Date.now() / 1000);
  const manifest = { iss: toUrn(REGISTRAR.oin), iat, versie: 15, vorige: 12, agencies: {} };
  const { revision } = (await store.current()) ?? { revision: 0 };
  await store.publish(15, await signManifest(manifest, key), revision);
  await until('the failed reading', () => said.some((line) => line.includes('register not read')));
  assert.is(other.current.version, before);
  away = false;
  await until('version 15', () => other.current.version === 15);
  other.stop();
});

test('two that change it at once do not both win', async () => {
  const bucket = await broker.buses.admin.bucket('registry');
  const store = new RegisterStore(bucket);
  const { revision } = (await store.current()) ?? { revision: 0 };
  assert.is(await store.publish(20, 'one', revision), true);
  assert.is(await store.publish(21, 'two', revision), false);
  assert.is(await store.publish(20, 'three', revision), false);
  assert.is(await store.free(19), 22);
});

test.run();
