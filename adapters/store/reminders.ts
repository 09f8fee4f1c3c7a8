/** What the router said of statutory clocks: each word once, and whether systems of the agency still must be told. */
import type { Herinnering } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Told } from './alarms.ts';
import type { ClockId } from './clocks.ts';
import type { Database, Params } from './database.ts';

export type ReminderRow = {
  readonly id: Uuid7;
  readonly term: string;
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly kind: Herinnering['soort'];
  /** When the router said it, and until when the clock runs; milliseconds. */
  readonly at: number;
  readonly until: number;
  /** When the webhook must be told; null when there is nothing to tell. */
  readonly webhookAt: number | null;
  readonly attempts: number;
  /** 1 when the folder must be told. */
  readonly folder: number;
};

const COLUMNS = 'id, term, sender, message, kind, at, until, webhookAt, attempts, folder';

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO reminders (${COLUMNS}) VALUES (:id, :term, :sender,
    :message, :kind, :at, :until, :webhookAt, 0, :folder) ON CONFLICT DO NOTHING`),
  of: database.prepare<ClockId, ReminderRow>(`SELECT ${COLUMNS} FROM reminders
    WHERE term = :term AND sender = :sender AND message = :message ORDER BY at, id`),
  toCall: database.prepare<{ now: number }, ReminderRow>(
    `SELECT ${COLUMNS} FROM reminders WHERE webhookAt <= :now ORDER BY webhookAt LIMIT 20`,
  ),
  nextCall: database.prepare<{ now: number }, { soonest: number | null }>(
    'SELECT min(webhookAt) AS soonest FROM reminders WHERE webhookAt > :now',
  ),
  called: database.prepare<Params>(
    'UPDATE reminders SET webhookAt = :webhookAt, attempts = attempts + 1 WHERE id = :id',
  ),
  toWrite: database.prepare<Params, ReminderRow>(
    `SELECT ${COLUMNS} FROM reminders WHERE folder = 1 ORDER BY at, id LIMIT 100`,
  ),
  written: database.prepare<{ id: string }>('UPDATE reminders SET folder = 0 WHERE id = :id'),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Reminders {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  /** @param now when it came, @param told where it is told */
  add(row: Omit<ReminderRow, 'webhookAt' | 'attempts' | 'folder'>, now: number, told: Told): void {
    const [webhookAt, folder] = [told.webhook ? now : null, told.folder ? 1 : 0];
    this.#sql.add.run({ ...row, webhookAt, folder });
  }

  /** About one clock, the first first. */
  of({ term, sender, message }: ClockId): ReminderRow[] {
    return this.#sql.of.all({ term, sender, message });
  }

  /** Those that the webhook must be told of now. */
  toCall(now: number): ReminderRow[] {
    return this.#sql.toCall.all({ now });
  }

  nextCall(now: number): number | null {
    return this.#sql.nextCall.get({ now })?.soonest ?? null;
  }

  /** @param webhookAt when to try again; null when it was told, or will never be */
  called({ id }: ReminderRow, webhookAt: number | null): void {
    this.#sql.called.run({ id, webhookAt });
  }

  /** Those that the folder must be told of. */
  toWrite(): ReminderRow[] {
    return this.#sql.toWrite.all({});
  }

  written({ id }: ReminderRow): void {
    this.#sql.written.run({ id });
  }
}
