/**
 * Gives a store a new key: the new key goes into the key file first, then every value is encrypted
 * anew, then the old keys leave the file. Stopped at any point, the store stays readable and the
 * rotation can be run again.
 */
import { Database } from './database.ts';
import { newKey, readKeys, writeKeys } from './keyfile.ts';
import { lockStore } from './lock.ts';
import { migrate } from './migrations.ts';
import type { StoreConfig } from './store.ts';
import { rowName, type Sealed, Vault } from './vault.ts';

/** The tables that hold encrypted values, and the columns that name a row of each. */
export const SEALED_TABLES: Readonly<Record<string, readonly string[]>> = {
  outbox: ['jti'],
  problems: ['message'],
  receipts: ['digest'],
  inbox: ['sender', 'jti'],
  replies: ['digest'],
  actions: ['id'],
  evidence: ['digest'],
  secrets: ['name'],
  subscriptions: ['id'],
  stands: ['zaak'],
};

const BATCH = 200;

export interface Rotation {
  /** The id of the key in use from now on. */
  readonly key: string;
  /** How many values were encrypted anew. */
  readonly values: number;
}

/** @throws Error when an adapter has the store: stop it first */
export async function rotateKey(
  config: StoreConfig,
  progress: (done: number) => void,
): Promise<Rotation> {
  const lock = lockStore(config.path);
  try {
    const old = readKeys(config.keyFile);
    const fresh = newKey();
    writeKeys(config.keyFile, [fresh, ...old]);
    const database = new Database(config.path);
    migrate(database);
    const values = await renewAll(database, new Vault([fresh, ...old]), progress);
    // The old ciphertexts leave the disk, too.
    database.exec('VACUUM');
    database.close();
    writeKeys(config.keyFile, [fresh]);
    return { key: fresh.id, values };
  } finally {
    lock.release();
  }
}

async function renewAll(
  database: Database,
  vault: Vault,
  progress: (done: number) => void,
): Promise<number> {
  let done = 0;
  for (const [table, identity] of Object.entries(SEALED_TABLES)) {
    for (let some = BATCH; some === BATCH; ) {
      some = await database.write(() => renewSome(database, vault, table, identity));
      done += some;
      progress(done);
    }
  }
  return done;
}

type Row = Sealed & { readonly [column: string]: string | Uint8Array };

function renewSome(
  database: Database,
  vault: Vault,
  table: string,
  identity: readonly string[],
): number {
  const select = database.prepare<{ key: string }, Row>(
    `SELECT ${identity.join(', ')}, body, key FROM ${table} WHERE key NOT IN (:key, '') LIMIT ${BATCH}`,
  );
  const update = database.prepare<Row>(
    `UPDATE ${table} SET body = :body, key = :key
     WHERE ${identity.map((column) => `${column} = :${column}`).join(' AND ')}`,
  );
  const rows = select.all({ key: vault.current });
  for (const row of rows) {
    const name = rowName(table, ...identity.map((column) => String(row[column])));
    update.run({ ...row, ...vault.renew(name, row) });
  }
  return rows.length;
}
