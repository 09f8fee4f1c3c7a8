/** What was destroyed: one signed record a message. It proves that, when and on which ground; no more. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type DestructionRow = {
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly digest: string;
  /** Milliseconds, as all times here: since when the agency had it, and when it was destroyed. */
  readonly received: number;
  readonly at: number;
  readonly ground: string;
  readonly jws: string;
};

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO destructions (sender, message, digest, received, at,
    ground, jws) VALUES (:sender, :message, :digest, :received, :at, :ground, :jws)
    ON CONFLICT DO NOTHING`),
  get: database.prepare<{ sender: string; message: string }, DestructionRow>(
    'SELECT * FROM destructions WHERE sender = :sender AND message = :message',
  ),
  list: database.prepare<{ limit: number; offset: number }, DestructionRow>(
    'SELECT * FROM destructions ORDER BY at DESC, message LIMIT :limit OFFSET :offset',
  ),
});

/** `add` is to be called inside `store.write`. */
export class Destructions {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  add(row: DestructionRow): void {
    this.#sql.add.run(row);
  }

  get(sender: string, message: string): DestructionRow | undefined {
    return this.#sql.get.get({ sender, message });
  }

  /** The newest first. */
  list(limit: number, offset: number): DestructionRow[] {
    return this.#sql.list.all({ limit, offset });
  }
}
