import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Database } from '../../../adapters/store/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'ketenpost-store-'));
const path = join(folder, 'a.db');
const database = new Database(path);
database.exec('CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER, b BLOB) STRICT');
const insert = database.prepare<{ k: string; n: number | null; b: Uint8Array | null }>(
  'INSERT INTO t VALUES (:k, :n, :b)',
);
const all = database.prepare<{ from: string }, { k: string; n: number; b: Buffer }>(
  'SELECT * FROM t WHERE k >= :from ORDER BY k',
);
test.after(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test('only the owner may read the file', () => {
  assert.is(statSync(path).mode & 0o077, 0);
});

test('writes of one turn are committed together, and each hears of its own', async () => {
  const results = await Promise.allSettled([
    database.write(() => insert.run({ k: 'a', n: 1, b: null })),
    database.write(() => {
      insert.run({ k: 'b', n: 2, b: null });
      throw new Error('changed my mind');
    }),
    database.write(() => insert.run({ k: 'c', n: 3, b: Buffer.from('blob') })),
  ]);
  assert.equal(
    results.map((one) => one.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal(
    all.all({ from: 'a' }).map((row) => row.k),
    ['a', 'c'],
  );
});

test('a row comes back as it went in, blobs as buffers', async () => {
  const row = all.all({ from: 'c' })[0];
  assert.equal(row, { k: 'c', n: 3, b: Buffer.from('blob') });
});

test('a value that the binding cannot store is refused before it gets there', async () => {
  const bad = { k: 'd', n: true as unknown as number, b: null };
  await database
    .write(() => insert.run(bad))
    .then(
      () => assert.unreachable(),
      (error) => assert.instance(error, TypeError),
    );
});

test('a closed store takes no more writes, and keeps what waited', async () => {
  const other = new Database(join(folder, 'b.db'));
  other.exec('CREATE TABLE t (k TEXT)');
  const put = other.prepare<{ k: string }>('INSERT INTO t VALUES (:k)');
  const waiting = other.write(() => put.run({ k: 'last' }));
  other.close();
  assert.is(await waiting, 1);
  await other
    .write(() => 0)
    .then(
      () => assert.unreachable(),
      (error) => assert.match(error.message, 'closed'),
    );
});

test.run();
