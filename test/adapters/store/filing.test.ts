/** A store of an older program: what it has is read as before, and its messages get their case when it is opened, once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Database, type Params } from '../../../adapters/store/database.ts';
import { newKey, writeKeys } from '../../../adapters/store/keyfile.ts';
import { migrate } from '../../../adapters/store/migrations.ts';
import { openStore } from '../../../adapters/store/store.ts';
import { rowName, Vault } from '../../../adapters/store/vault.ts';
import { type Oin, toNoteId, type Uuid7 } from '../../../schemas/ids.ts';

const OIN = '00000099000000020000';
const POLICE = '00000099000000010000';
const CASE = '7b0c9e52-1d3f-4a68-9c21-5e8f00a1b2c3';
const folder = mkdtempSync(join(tmpdir(), 'ketenpost-filing-'));
test.after(() => rmSync(folder, { recursive: true }));
const config = { path: join(folder, 'old.db'), keyFile: join(folder, 'old.key') };
const key = newKey();
const vault = new Vault([key]);

const jws = (claims: object): string =>
  `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

/** As version 5 wrote them: without a column for the case. */
function receive(database: Database, jti: string, claims: object | undefined): void {
  const sealed = vault.seal(rowName('inbox', POLICE, jti), jws(claims ?? {}));
  const body = claims === undefined ? { body: Buffer.alloc(0), key: '' } : sealed;
  database
    .prepare<Params>(`INSERT INTO inbox VALUES (:sender, :jti, 'd', 'Politie', 'vt-melding', '1.0',
      'normaal', 'c', NULL, NULL, NULL, 1, 2, 3, 'verwerkt', 4, X'00', :body, :key)`)
    .run({ sender: POLICE, jti, ...body });
}

function send(database: Database, jti: string, claims: object): void {
  const content = JSON.stringify({ jws: jws(claims) });
  database
    .prepare<Params>(`INSERT INTO outbox (jti, conversation, type, version, prio, digest, issued,
      expires, stored, state, changed, body, key) VALUES (:jti, 'c', 'vt-terugkoppeling', '1.0',
      'normaal', 'd', 1, 2, 3, 'afgerond', 4, :body, :key)`)
    .run({ jti, ...vault.seal(rowName('outbox', jti), content) });
}

test('a store made by version 5 has its cases after it was opened', () => {
  writeKeys(config.keyFile, [key]);
  const old = new Database(config.path);
  migrate(old, 5);
  // More than one batch.
  for (let n = 0; n < 600; n += 1) receive(old, `in-${n}`, n % 2 === 0 ? { zaak: CASE } : {});
  receive(old, 'destroyed', undefined);
  send(old, 'out-1', { zaak: CASE });
  send(old, 'out-2', {});
  old.exec(`UPDATE inbox SET body = X'00112233445566778899aabbccddeeff00112233445566778899aabbccddee'
    WHERE jti = 'in-4'`);
  assert.is(old.version, 5);
  old.close();

  const store = openStore(config, OIN);
  const filed = store.threads.casefile(CASE, 1000).map(({ jti }) => jti);
  assert.is(filed.length, 300, 'all but the one that does not open, and the one that was sent');
  assert.ok(filed.includes('out-1' as never));
  assert.not.ok(filed.includes('in-4' as never));
  assert.is(store.inbox.get(POLICE, 'in-1')?.casefile, null);
  assert.is(store.inbox.get(POLICE, 'destroyed')?.casefile, null);
  store.close();
});

test('the second time nothing is opened any more', () => {
  writeKeys(config.keyFile, [newKey()]);
  const store = openStore(config, OIN);
  assert.is(store.threads.casefile(CASE, 1000).length, 300);
  store.close();
});

for (const fell of [9, 10])
  test(`a store of version 9 whose upgrade came to ${fell}: subscriptions stay, and what was seen by its id alone is given once more`, async () => {
    const where = { path: join(folder, `${fell}.db`), keyFile: join(folder, `${fell}.key`) };
    writeKeys(where.keyFile, [key]);
    const old = new Database(where.path);
    migrate(old, 9);
    const id = '0192f0c1-7d3e-7abc-8def-0123456789ab' as Uuid7;
    old.exec(`INSERT INTO seen VALUES ('${id}')`);
    old
      .prepare<Params>(`INSERT INTO subscriptions VALUES (:id, NULL, :zaak, NULL, NULL, 'b', 1, 2, NULL,
        NULL, :body, :key)`)
      .run({
        id,
        zaak: CASE,
        ...vault.seal(rowName('subscriptions', id), '{"begunBy":"V. Thuis"}'),
      });
    migrate(old, fell);
    old.close();
    const store = openStore(where, OIN);
    const { heard, missed, missedAt } = store.subscriptions.get(id) ?? {};
    assert.equal([heard, missed, missedAt], [null, 0, null]);
    assert.is(store.subscriptions.people(id).begunBy, 'V. Thuis');
    assert.equal(store.receipts.seen(10), []);
    const note = toNoteId(POLICE as Oin, id);
    await store.write(() => store.receipts.see(note));
    assert.equal(store.receipts.seen(10), [note]);
    store.close();
  });

test.run();
