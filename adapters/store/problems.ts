/** Why the router refused a message, by its signed receipt: the problem as it came, encrypted, for pointers may tell names. */
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export type ProblemRow = {
  readonly message: string;
  readonly at: number;
  readonly code: string;
};

const statements = (database: Database) => ({
  put: database.prepare<Params>(`INSERT INTO problems (message, at, code, body, key)
    VALUES (:message, :at, :code, :body, :key) ON CONFLICT DO UPDATE SET
    at = :at, code = :code, body = :body, key = :key`),
  erase: database.prepare<{ message: string }>('DELETE FROM problems WHERE message = :message'),
  get: database.prepare<{ message: string }, ProblemRow & Sealed>(
    'SELECT message, at, code, body, key FROM problems WHERE message = :message',
  ),
});

/** `put` is to be called inside `store.write`; the last problem of a message stays. */
export class Problems {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  put(row: ProblemRow, problem: unknown): void {
    const sealed = this.#vault.seal(rowName('problems', row.message), JSON.stringify(problem));
    this.#sql.put.run({ ...row, ...sealed });
  }

  sealed(message: string): Sealed | undefined {
    return this.#sql.get.get({ message });
  }

  erase(message: string): void {
    this.#sql.erase.run({ message });
  }

  get(message: string): (ProblemRow & { readonly problem: unknown }) | undefined {
    const found = this.#sql.get.get({ message });
    if (found === undefined) return undefined;
    const { body, key, ...row } = found;
    const text = this.#vault.open(rowName('problems', message), { body, key }).toString();
    return { ...row, problem: JSON.parse(text) };
  }
}
