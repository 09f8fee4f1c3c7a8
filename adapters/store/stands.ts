/** How each case of ours stands, as our own case system put it here; encrypted. */
import type { Uuid, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export interface Stand {
  readonly zaak: Uuid;
  /** The legal bases that it may be given on. */
  readonly bases: readonly string[];
  /** Put here at, milliseconds. */
  readonly at: number;
  readonly stand: unknown;
}

/** A message of ours that says that a case is closed. */
export type Closing = { readonly message: Uuid7; readonly zaak: Uuid; readonly at: number };

type Row = Sealed & { readonly bases: string; readonly at: number };

const statements = (database: Database) => ({
  put: database.prepare<Params>(`INSERT INTO stands (zaak, bases, at, body, key)
    VALUES (:zaak, :bases, :at, :body, :key) ON CONFLICT DO UPDATE
    SET bases = :bases, at = :at, body = :body, key = :key`),
  get: database.prepare<{ zaak: string }, Row>(
    'SELECT bases, at, body, key FROM stands WHERE zaak = :zaak',
  ),
  remove: database.prepare<{ zaak: string }>('DELETE FROM stands WHERE zaak = :zaak'),
  close: database.prepare<Closing>(`INSERT INTO closings (message, zaak, at)
    VALUES (:message, :zaak, :at) ON CONFLICT DO NOTHING`),
  unclose: database.prepare<{ message: string }>('DELETE FROM closings WHERE message = :message'),
  reopen: database.prepare<{ zaak: string }>('DELETE FROM closings WHERE zaak = :zaak'),
  // What was put there since is kept as long.
  removeClosed: database.prepare<{ before: number }>(`DELETE FROM stands WHERE at < :before
    AND zaak IN (SELECT zaak FROM closings GROUP BY zaak HAVING max(at) < :before)`),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Stands {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  put({ zaak, bases, at, stand }: Stand): void {
    const sealed = this.#vault.seal(rowName('stands', zaak), JSON.stringify(stand));
    this.#sql.put.run({ zaak, bases: JSON.stringify(bases), at, ...sealed });
  }

  get(zaak: Uuid): Stand | undefined {
    const row = this.#sql.get.get({ zaak });
    if (row === undefined) return undefined;
    const { bases, at, body, key } = row;
    const stand: unknown = JSON.parse(
      this.#vault.open(rowName('stands', zaak), { body, key }).toString(),
    );
    return { zaak, bases: JSON.parse(bases) as string[], at, stand };
  }

  close(closing: Closing): void {
    this.#sql.close.run(closing);
  }

  /** The message was taken back, or replaced by another. @returns whether it said that a case is closed */
  unclose(message: Uuid7): boolean {
    return this.#sql.unclose.run({ message }) > 0;
  }

  /** The case goes on. */
  reopen(zaak: Uuid): void {
    this.#sql.reopen.run({ zaak });
  }

  /** @param before milliseconds since 1970: closed, and put here, before that @returns how many are gone */
  removeClosed(before: number): number {
    return this.#sql.removeClosed.run({ before });
  }

  /** @returns whether there was one */
  remove(zaak: Uuid): boolean {
    return this.#sql.remove.run({ zaak }) > 0;
  }
}
