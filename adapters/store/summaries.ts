/** What the router said of our consultations at their end, as it signed it, and who must be told. Traffic data only. */
import type { Uuid7 } from '../../schemas/ids.ts';
import type { Told } from './alarms.ts';
import type { Database, Params } from './database.ts';

export type SummaryRow = {
  readonly conversation: Uuid7;
  /** Seconds, as in the claims. */
  readonly stated: number;
  /** Milliseconds. */
  readonly received: number;
  readonly jws: string;
};
/** How often the webhook was tried. */
export type ToldSummary = SummaryRow & { readonly attempts: number };

const COLUMNS = 'conversation, stated, received, jws';

const statements = (database: Database) => ({
  put: database.prepare<Params>(`INSERT INTO summaries (${COLUMNS}, webhookAt, folder)
    VALUES (:conversation, :stated, :received, :jws, :webhookAt, :folder) ON CONFLICT DO UPDATE
    SET stated = :stated, received = :received, jws = :jws, webhookAt = :webhookAt, attempts = 0,
      folder = :folder WHERE stated < :stated`),
  get: database.prepare<{ conversation: string }, SummaryRow>(
    `SELECT ${COLUMNS} FROM summaries WHERE conversation = :conversation`,
  ),
  toCall: database.prepare<{ now: number }, ToldSummary>(`SELECT ${COLUMNS}, attempts
    FROM summaries WHERE webhookAt <= :now ORDER BY webhookAt LIMIT 20`),
  nextCall: database.prepare<{ now: number }, { soonest: number | null }>(
    'SELECT min(webhookAt) AS soonest FROM summaries WHERE webhookAt > :now',
  ),
  // Only the one that was told: a newer one may have come meanwhile.
  called: database.prepare<Params>(`UPDATE summaries SET webhookAt = :webhookAt,
    attempts = attempts + 1 WHERE conversation = :conversation AND stated = :stated`),
  toWrite: database.prepare<Params, SummaryRow>(
    `SELECT ${COLUMNS} FROM summaries WHERE folder = 1 ORDER BY stated LIMIT 100`,
  ),
  written: database.prepare<Params>(
    'UPDATE summaries SET folder = 0 WHERE conversation = :conversation AND stated = :stated',
  ),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Summaries {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  /** A newer one takes the place of an older. @param told where it is told */
  put(row: SummaryRow, told: Told): void {
    const [webhookAt, folder] = [told.webhook ? row.received : null, told.folder ? 1 : 0];
    this.#sql.put.run({ ...row, webhookAt, folder });
  }

  get(conversation: string): SummaryRow | undefined {
    return this.#sql.get.get({ conversation });
  }

  /** Those that the webhook must be told of now. */
  toCall(now: number): ToldSummary[] {
    return this.#sql.toCall.all({ now });
  }

  nextCall(now: number): number | null {
    return this.#sql.nextCall.get({ now })?.soonest ?? null;
  }

  /** @param webhookAt when to try again; null when it was told, or will never be */
  called({ conversation, stated }: SummaryRow, webhookAt: number | null): void {
    this.#sql.called.run({ conversation, stated, webhookAt });
  }

  /** Those that the folder must be told of. */
  toWrite(): SummaryRow[] {
    return this.#sql.toWrite.all({});
  }

  written({ conversation, stated }: SummaryRow): void {
    this.#sql.written.run({ conversation, stated });
  }
}
