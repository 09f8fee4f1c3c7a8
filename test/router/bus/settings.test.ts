/** The generated settings of the broker, its streams, and the check that it keeps what it says. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServerVariables } from '../../../router/bus/bus.ts';
import { checkDurability, isAtLeast } from '../../../router/bus/durability.ts';
import { checkStreams, prepareStreams } from '../../../router/bus/prepare.ts';
import { startServer } from '../../../router/bus/server.ts';
import { configFile, writeBrokerSettings } from '../../../router/bus/settings.ts';
import { describe, STREAMS } from '../../../router/bus/streams.ts';
import { readVariables } from '../../../router/bus/variables.ts';
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
    ['MAILBOX', 'DEADLETTER', 'KV_lease', 'KV_deadlines'],
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

test('versions are compared by number', () => {
  assert.ok(isAtLeast('2.11.0-RC.1', [2, 11]));
  assert.ok(isAtLeast('3.0.0', [2, 11]));
  assert.not.ok(isAtLeast('2.9.25', [2, 11]));
  assert.not.ok(isAtLeast('', [2, 11]));
});

test.run();
