/** The generated settings of the broker, its streams, and the check that it keeps what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServerVariables } from '../../../router/bus/bus.ts';
import { checkDurability, checkReplicas, isAtLeast } from '../../../router/bus/durability.ts';
import { writeBrokerFolder } from '../../../router/bus/folder.ts';
import { checkStreams, prepareStreams } from '../../../router/bus/prepare.ts';
import { startServer } from '../../../router/bus/server.ts';
import { configFile, writeBrokerSettings } from '../../../router/bus/settings.ts';
import {
  compareStream,
  describe,
  isGrave,
  isThin,
  STREAMS,
  streamConfig,
} from '../../../router/bus/streams.ts';
import { readVariables } from '../../../router/bus/variables.ts';
import { until } from '../../town/wait.ts';
import { startTestBroker, type TestBroker } from './broker.ts';

const SETTINGS = {
  host: '127.0.0.1',
  port: 4222,
  tls: { cert: 'not a certificate', key: 'not a key' },
  store: 'store',
  name: 'broker "1"',
};
const inFolder = async (work: (dir: string) => Promise<void>) => {
  const dir = mkdtempSync(join(tmpdir(), 'ketenpost-settings-'));
  await work(dir).finally(() => rmSync(dir, { recursive: true, force: true }));
};

test('written again, the settings keep every seed', () =>
  inFolder(async (dir) => {
    await writeBrokerSettings(dir, SETTINGS, '2.9.10');
    const read = () => readdirSync(dir).map((file) => readFileSync(join(dir, file), 'utf8'));
    const first = read();
    await writeBrokerSettings(dir, SETTINGS, '2.9.10');
    assert.equal(read(), first);
    for (const file of readdirSync(dir)) assert.is(statSync(join(dir, file)).mode & 0o077, 0, file);
  }));

test('no seed stands in the settings, and none of the listeners that had holes', () =>
  inFolder(async (dir) => {
    await writeBrokerSettings(dir, SETTINGS, '2.11.4');
    const text = readFileSync(configFile(dir), 'utf8');
    assert.not.match(text, /\bS[A-Z2-7]{57}\b/);
    assert.not.match(
      text,
      /websocket|leafnode|gateway|mqtt|no_auth_user|authorization|verify_and_map/,
    );
    assert.not.match(text, /^http/m);
    assert.match(text, 'sync_interval: always');
  }));

test('a server that does not know it is not given sync_interval; monitoring stays on loopback', () =>
  inFolder(async (dir) => {
    await writeBrokerSettings(dir, { ...SETTINGS, monitorPort: 8222 }, '2.9.10');
    const text = readFileSync(configFile(dir), 'utf8');
    assert.not.match(text, 'sync_interval');
    assert.match(text, /^http: "127.0.0.1:8222"$/m);
  }));

test('a server that cannot start says why', () =>
  inFolder(async (dir) => {
    await writeBrokerSettings(dir, SETTINGS, '2.9.10');
    const failure = await startServer(dir).catch((error) => error);
    assert.is(failure.name, 'BusFault');
    assert.match(failure.message, /tls\.pem|certificate/i);
  }));

const admin = (broker: TestBroker) =>
  ({
    servers: broker.servers,
    ca: broker.ca,
    role: 'admin',
    seedFile: broker.seed('admin'),
    name: 'test',
  }) as const;

test('the streams are as the table says; what differs is told and only mended when asked', async () => {
  const broker = await startTestBroker();
  try {
    assert.equal(await checkStreams(admin(broker), { replicas: 1 }), []);
    const again = await prepareStreams(admin(broker), { replicas: 1 });
    assert.equal(again, { made: [], updated: [], changes: [], differences: [] });
    // Settings that the table does not give are as good a difference as any: here three servers.
    const [first] = await checkStreams(admin(broker), { replicas: 3 });
    assert.is(first && describe(first), 'stream MAILBOX: num_replicas is 1, should be 3');
    assert.is((await broker.buses.pipeline.log('MAILBOX').state()).count, 0);
  } finally {
    await broker.stop();
  }
});

test('only what must be erasable is; nothing can be purged', () => {
  const erasable = Object.entries(STREAMS).filter(([, { erasable }]) => erasable);
  assert.equal(
    erasable.map(([name]) => name),
    ['MAILBOX', 'DEADLETTER', 'KV_lease', 'KV_deadlines', 'KV_raadplegingen', 'KV_abonnementen'],
  );
});

const RECORDED: Readonly<Record<string, ServerVariables>> = {
  debian: readVariables({
    server_name: 'A',
    version: '2.9.10',
    jetstream: { config: { store_dir: '/s' } },
  }),
  newDefault: readVariables({ server_name: 'B', version: '2.11.4', jetstream: { config: {} } }),
  writesThrough: readVariables({
    server_name: 'C',
    version: '2.12.3',
    jetstream: { config: { sync_always: true } },
  }),
  oldThrough: readVariables({
    server_name: 'D',
    version: '2.10.27',
    jetstream: { config: { sync_always: true } },
  }),
};
const recorded = (...names: string[]) => names.map((name) => RECORDED[name] as ServerVariables);

test('a broker that writes through is taken without a word', () => {
  assert.is(checkDurability(recorded('writesThrough'), { insecure: false }), undefined);
  assert.is(checkDurability(recorded('writesThrough'), { insecure: true }), undefined);
});

test('an older one, one with default settings, or one such among many, is refused', () => {
  for (const names of [
    ['debian'],
    ['newDefault'],
    ['oldThrough'],
    ['writesThrough', 'newDefault'],
    [],
  ]) {
    assert.throws(() => checkDurability(recorded(...names), { insecure: false }), /on disk/);
  }
});

test('with the flag it runs on one, and says so in one line', () => {
  const warning = checkDurability(recorded('debian', 'newDefault'), { insecure: true }) ?? '';
  assert.match(warning, '2.9.10');
  assert.match(warning, 'power cut');
  assert.not.match(warning, '\n');
});

const difference = (text: string, { grave = false, thin = false } = {}) => ({ text, grave, thin });

test('a stream that is missing or not on disk is refused, with the flag too', () => {
  const lost = [difference('stream MAILBOX: storage is "memory"', { grave: true })];
  for (const insecure of [true, false])
    assert.throws(() => checkReplicas(lost, { insecure }), /storage is "memory"/);
});

test('fewer copies than counted on are refused, or with the flag warned of; more are no fault', () => {
  const thin = [difference('stream MAILBOX: num_replicas is 1, should be 3', { thin: true })];
  assert.throws(() => checkReplicas(thin, { insecure: false }), /num_replicas is 1/);
  assert.match(checkReplicas(thin, { insecure: true }) ?? '', /^insecure broker: 1 streams/);
  assert.is(checkReplicas([difference('num_replicas is 5')], { insecure: false }), undefined);
  assert.is(checkReplicas([], { insecure: false }), undefined);
});

test('what makes a stream grave or thin is read from its settings', () => {
  const found = (setting: string, value: unknown) => {
    const config = { ...streamConfig('MAILBOX', 3), [setting]: value };
    const [one] = compareStream('MAILBOX', config, 3);
    return one === undefined ? undefined : [isGrave(one), isThin(one)];
  };
  assert.equal(found('storage', 'memory'), [true, false]);
  assert.equal(found('discard', 'old'), [true, false]);
  assert.equal(found('num_replicas', 1), [false, true]);
  assert.equal(found('num_replicas', 5), [false, false]);
  assert.is(found('num_replicas', 3), undefined);
});

test('one server of a cluster: the others by name and word, nothing for clients, no other listener', () =>
  inFolder(async (dir) => {
    const cluster = { name: 'town', host: '10.0.0.1', port: 6222, routes: ['b:6222', 'c:6222'] };
    await writeBrokerSettings(dir, { ...SETTINGS, cluster }, '2.12.3');
    const text = readFileSync(configFile(dir), 'utf8');
    const word = readFileSync(join(dir, 'route.secret'), 'utf8');
    assert.match(word, /^[0-9a-f]{64}$/);
    assert.ok(text.includes(`nats-route://route:${word}@b:6222`));
    assert.match(text, /verify: true/);
    assert.match(text, /no_advertise: true/);
    assert.not.match(text, /websocket|leafnode|gateway|mqtt|no_auth_user|verify_and_map/);
  }));

test('another server of the cluster takes over the credentials, and never mixes two', () =>
  inFolder(async (dir) => {
    const ca = join(dir, 'root.pem');
    writeFileSync(ca, 'not a certificate');
    const cluster = { name: 'town', host: '127.0.0.1', port: 6222, routes: ['b:6222', 'c:6222'] };
    const given = { ...SETTINGS, ca, cluster, address: 'localhost', replicas: 3 };
    const at = (name: string) => join(dir, name);
    await writeBrokerFolder(at('a'), given, '2.12.3');
    await writeBrokerFolder(at('b'), { ...given, join: at('a') }, '2.12.3');
    for (const file of [
      'door.seed',
      'pipeline.seed',
      'admin.seed',
      'system.seed',
      'route.secret',
    ]) {
      const [a, b] = ['a', 'b'].map((one) => readFileSync(join(at(one), file), 'utf8'));
      assert.is(a, b, file);
    }
    await writeBrokerFolder(at('c'), given, '2.12.3');
    const mixed = await writeBrokerFolder(at('c'), { ...given, join: at('a') }, '2.12.3').catch(
      (error) => error,
    );
    assert.match(mixed.message, 'is not that of');
  }));

test('what a lone server stored is not handed to one of a cluster, which would not find it', () =>
  inFolder(async (dir) => {
    const ca = join(dir, 'root.pem');
    writeFileSync(ca, 'not a certificate');
    const store = join(dir, 'store');
    const alone = { ...SETTINGS, ca, store, address: 'localhost', replicas: 1 };
    const cluster = { name: 'town', host: '127.0.0.1', port: 6222, routes: ['b:6222', 'c:6222'] };
    await writeBrokerFolder(join(dir, 'a'), alone, '2.12.3');
    await writeBrokerFolder(join(dir, 'a'), { ...alone, cluster }, '2.12.3');
    await writeBrokerFolder(join(dir, 'a'), alone, '2.12.3');
    mkdirSync(join(store, 'jetstream'), { recursive: true });
    await writeBrokerFolder(join(dir, 'a'), alone, '2.12.3');
    const changed = writeBrokerFolder(join(dir, 'a'), { ...alone, cluster }, '2.12.3');
    assert.match((await changed.catch((error) => error)).message, 'stood alone');
  }));

test('a server goes with whoever ran it, also when that was killed', async () => {
  const broker = await startTestBroker();
  await broker.halt();
  const program = fileURLToPath(new URL('./run-broker.js', import.meta.url));
  const child = spawn(process.execPath, [program, broker.dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const pid = Number(line);
  process.kill(pid, 0);
  child.kill('SIGKILL');
  await until('the server to be gone', () => !existsSync(`/proc/${pid}`));
  await broker.start();
  await broker.stop();
});

test('versions are compared by number', () => {
  assert.ok(isAtLeast('2.11.0-RC.1', [2, 11]));
  assert.ok(isAtLeast('3.0.0', [2, 11]));
  assert.not.ok(isAtLeast('2.9.25', [2, 11]));
  assert.not.ok(isAtLeast('', [2, 11]));
});

test.run();
