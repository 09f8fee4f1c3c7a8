/** Messages of which the router has receipts, and this store has nothing: they came after the backup that was restored. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type MissingRow = {
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly recipient: Oin;
  /** The furthest that was stated, and when (seconds). */
  readonly state: string;
  readonly stated: number;
  /** When it was found out; milliseconds. */
  readonly found: number;
};

const statements = (database: Database) => ({
  put: database.prepare<Params>(`INSERT INTO missing (sender, message, recipient, state, stated, found)
    VALUES (:sender, :message, :recipient, :state, :stated, :found) ON CONFLICT DO UPDATE SET
    state = :state, stated = :stated`),
  list: database.prepare<{ limit: number; offset: number }, MissingRow>(
    `SELECT sender, message, recipient, state, stated, found FROM missing WHERE done IS NULL
     ORDER BY stated, message LIMIT :limit OFFSET :offset`,
  ),
  // It stays, so that it is not found once more.
  settle: database.prepare<{ sender: string; message: string; done: number }>(`UPDATE missing
    SET done = :done WHERE sender = :sender AND message = :message AND done IS NULL`),
  count: database.prepare<Record<never, never>, { n: number }>(
    'SELECT count(*) AS n FROM missing WHERE done IS NULL',
  ),
  // What came back since (sent anew under the same id, or restored) is missing no more.
  clear: database.prepare<Params>(`DELETE FROM missing
    WHERE EXISTS (SELECT 1 FROM inbox WHERE inbox.sender = missing.sender AND jti = message)
    OR EXISTS (SELECT 1 FROM outbox WHERE jti = message AND missing.sender = :own)`),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Missing {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  put(row: MissingRow): void {
    this.#sql.put.run(row);
  }

  /** The oldest first. */
  list(limit: number, offset: number): MissingRow[] {
    return this.#sql.list.all({ limit, offset });
  }

  /** @returns whether it was listed */
  settle(sender: string, message: string, done: number): boolean {
    return this.#sql.settle.run({ sender, message, done }) > 0;
  }

  count(): number {
    return this.#sql.count.get({})?.n ?? 0;
  }

  /** Forgets what is here after all. @returns how many */
  clear(own: Oin): number {
    return this.#sql.clear.run({ own });
  }
}
