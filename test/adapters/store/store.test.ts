import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Database } from '../../../adapters/store/database.ts';
import { Evidence } from '../../../adapters/store/evidence.ts';
import { newKey, readKeys, writeKeys } from '../../../adapters/store/keyfile.ts';
import { rotateKey, SEALED_TABLES } from '../../../adapters/store/rotate.ts';
import { openStore } from '../../../adapters/store/store.ts';
import { Vault } from '../../../adapters/store/vault.ts';
import type { CommandError } from '../../../schemas/command.ts';
import type { Digest, Oin, Uuid7 } from '../../../schemas/ids.ts';
import { newUuid7 } from '../../../schemas/ids.ts';

const OIN = '00000099000000010000' as Oin;
const folder = mkdtempSync(join(tmpdir(), 'ketenpost-store-'));
/** What it says, or what to do next. */
const says = (pattern: RegExp) => (error: CommandError) =>
  pattern.test(`${error.message}: ${error.next}`);
let count = 0;
const place = () => {
  const name = join(folder, String(++count));
  return { path: `${name}.db`, keyFile: `${name}.key` };
};
test.after(() => rmSync(folder, { recursive: true }));

const receipt = (digest: string) => ({
  digest: digest as Digest,
  jti: newUuid7(Date.now()),
  message: newUuid7(Date.now()),
  issuer: OIN,
  recipient: OIN,
  state: 'afgeleverd' as const,
  code: null,
  referral: null,
  stated: 1,
  received: 1000,
  counted: 1,
  contradicts: 0,
});

test('a new store gets a key that only its owner may read', () => {
  const config = place();
  openStore(config, OIN).close();
  assert.is(statSync(config.keyFile).mode & 0o077, 0);
  assert.is(readKeys(config.keyFile).length, 1);
});

test('an old store whose key is gone is not given a new one', () => {
  const config = place();
  openStore(config, OIN).close();
  rmSync(config.keyFile);
  assert.throws(() => openStore(config, OIN), says(/restore it/));
  assert.not.ok(existsSync(config.keyFile));
});

test('a key that others may read, or that is none, is refused without being repeated', () => {
  const config = place();
  openStore(config, OIN).close();
  chmodSync(config.keyFile, 0o644);
  assert.throws(() => openStore(config, OIN), says(/chmod 600/));
  writeFileSync(config.keyFile, 'geheim\n');
  chmodSync(config.keyFile, 0o600);
  try {
    openStore(config, OIN);
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'line 1');
    assert.not.match(String(error), 'geheim');
  }
});

test('a store belongs to one agency and to one process', () => {
  const config = place();
  const store = openStore(config, OIN);
  assert.throws(() => openStore(config, OIN), /another process/);
  store.close();
  assert.throws(() => openStore(config, '00000099000000020000'), /belongs to/);
  openStore(config, OIN).close();
});

test('a store that a newer program made is left alone', () => {
  const config = place();
  openStore(config, OIN).close();
  const database = new Database(config.path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  assert.throws(() => openStore(config, OIN), says(/install the newer/));
});

test('what is sealed moves to the new key, and the old key and ciphertext leave the disk', async () => {
  const config = place();
  const store = openStore(config, OIN);
  const digests = Array.from({ length: 450 }, (_, n) => `d${n}`);
  await store.write(() => {
    for (const digest of digests) store.receipts.add(receipt(digest), `jws ${digest}`);
  });
  assert.is(store.receipts.jws('d7'), 'jws d7');
  const [old] = readKeys(config.keyFile);
  await rotateKey(config, () => undefined).then(
    () => assert.unreachable(),
    (error) => assert.match(error.next, 'stop that one first'),
  );
  store.close();

  const told: number[] = [];
  const done = await rotateKey(config, (values) => told.push(values));
  assert.is(done.values, 450);
  assert.ok(told.length > 1);
  const keys = readKeys(config.keyFile);
  assert.equal(
    keys.map((key) => key.id),
    [done.key],
  );
  assert.is.not(done.key, old?.id);
  assert.not.ok(readFileSync(config.path).includes(old?.id ?? ''));
  const again = openStore(config, OIN);
  assert.is(again.receipts.jws('d449'), 'jws d449');
  again.close();
});

test('a rotation that was cut off leaves a store that opens, and can be done again', async () => {
  const config = place();
  const store = openStore(config, OIN);
  await store.write(() => store.receipts.add(receipt('a'), 'before'));
  store.close();
  // As it is when the power goes right after the new key was written.
  writeKeys(config.keyFile, [newKey(), ...readKeys(config.keyFile)]);
  const between = openStore(config, OIN);
  await between.write(() => between.receipts.add(receipt('b'), 'after'));
  between.close();
  await rotateKey(config, () => undefined);
  const end = openStore(config, OIN);
  assert.equal([end.receipts.jws('a'), end.receipts.jws('b')], ['before', 'after']);
  end.close();
  assert.is(readKeys(config.keyFile).length, 1);
});

test('every table with an encrypted column takes part in rotation', () => {
  const config = place();
  openStore(config, OIN).close();
  const database = new Database(config.path);
  const tables = database
    .prepare<Record<never, never>, { name: string }>(
      `SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND c.name = 'body' ORDER BY m.name`,
    )
    .all({})
    .map((row) => row.name);
  database.close();
  assert.equal(tables, Object.keys(SEALED_TABLES).sort());
});

test('evidence is bounded: the oldest goes', async () => {
  const config = place();
  openStore(config, OIN).close();
  const database = new Database(config.path);
  const evidence = new Evidence(database, new Vault(readKeys(config.keyFile)), 50);
  const row = (n: number) =>
    ({ kind: 'aflevering', at: n, code: 'malformed', sender: null, message: null }) as const;
  await database.write(() => {
    for (let n = 0; n < 120; n += 1) evidence.add({ ...row(n), digest: `${n}` }, 'x');
  });
  assert.is(evidence.content('0'), undefined);
  assert.is(evidence.content('119'), 'x');
  assert.is(evidence.list(1000).length, 50);
  database.close();
});

test('the inbox gives what waits for an answer first, then urgent ones, then the newest', async () => {
  const store = openStore(place(), OIN);
  const add = (prio: 'spoed' | 'normaal', received: number, answerBy: number | null = null) =>
    store.inbox.add(
      {
        sender: OIN,
        jti: `${prio}${received}` as Uuid7,
        digest: 'd' as Digest,
        senderName: 'n',
        type: 'vt-melding',
        version: '1.0',
        prio,
        conversation: 'c' as Uuid7,
        refers: null,
        replaces: null,
        withdraws: null,
        casefile: null,
        issued: 1,
        expires: answerBy === null ? 2 : answerBy + 10,
        received,
        state: 'afgeleverd',
        changed: 1,
        certificate: Buffer.from('x'),
        ...{ answerBy, reminded: null, late: 0 },
      },
      'jws',
    );
  await store.write(() => {
    add('normaal', 3);
    add('spoed', 1);
    add('normaal', 4);
    add('spoed', 2);
    add('normaal', 7, 30);
    add('spoed', 8, 50);
  });
  const listed = (now: number, limit = 10, offset = 0) =>
    store.inbox.list({ state: null, type: null, limit, offset }, now).map((row) => row.jti);
  const rest = ['spoed2', 'spoed1', 'normaal4', 'normaal3'];
  assert.equal(listed(20_000), ['normaal7', 'spoed8', ...rest]);
  const pages = [0, 1, 3, 5].map((offset) => listed(20_000, 2, offset));
  assert.equal(pages, [
    ['normaal7', 'spoed8'],
    ['spoed8', 'spoed2'],
    ['spoed1', 'normaal4'],
    ['normaal3'],
  ]);
  assert.equal(listed(45_000), ['spoed8', ...rest, 'normaal7']);
  await store.write(() => store.inbox.move(OIN, 'spoed8', 'verwerkt', 9));
  assert.equal(listed(20_000), ['normaal7', ...rest, 'spoed8'], 'what is settled, below');
  await store.write(() => store.inbox.move(OIN, 'spoed2', 'verwerkt', 9));
  const waits = ['spoed1', 'normaal4', 'normaal3'];
  assert.equal(listed(20_000), ['normaal7', ...waits, 'spoed8', 'spoed2']);
  store.close();
});

test.run();
