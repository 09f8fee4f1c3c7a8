/** What the router said of our consultations at their end, as it signed it. Traffic data only. */
import type { Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type SummaryRow = {
  readonly conversation: Uuid7;
  /** Seconds, as in the claims. */
  readonly stated: number;
  /** Milliseconds. */
  readonly received: number;
  readonly jws: string;
};

const statements = (database: Database) => ({
  put: database.prepare<Params>(`INSERT INTO summaries (conversation, stated, received, jws)
    VALUES (:conversation, :stated, :received, :jws) ON CONFLICT DO UPDATE
    SET stated = :stated, received = :received, jws = :jws WHERE stated < :stated`),
  get: database.prepare<{ conversation: string }, SummaryRow>(
    'SELECT conversation, stated, received, jws FROM summaries WHERE conversation = :conversation',
  ),
});

/** `put` is to be called inside `store.write`. */
export class Summaries {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  /** A newer one takes the place of an older. */
  put(row: SummaryRow): void {
    this.#sql.put.run(row);
  }

  get(conversation: string): SummaryRow | undefined {
    return this.#sql.get.get({ conversation });
  }
}
