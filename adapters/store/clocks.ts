/** What is known of statutory clocks beside what the inbox tells: reminders, and what people said. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type ClockRow = {
  /** Id of the term (schemas/terms.ts). */
  readonly term: string;
  readonly sender: Oin;
  readonly message: Uuid7;
  /** Milliseconds since 1970; null when only the inbox tells. */
  readonly begin: number | null;
  /** How often it was made longer. */
  readonly extensions: number;
  readonly ended: number | null;
  /** When the router last reminded. */
  readonly reminded: number | null;
};

export type ClockId = Pick<ClockRow, 'term' | 'sender' | 'message'>;

const COLUMNS = 'term, sender, message, begin, extensions, ended, reminded';
const MOST = 10_000;

const statements = (database: Database) => ({
  // A reminder that arrives late never takes back what people said since.
  remind: database.prepare<Params>(`INSERT INTO clocks (${COLUMNS})
    VALUES (:term, :sender, :message, :begin, 0, NULL, :reminded) ON CONFLICT DO UPDATE
    SET reminded = max(coalesce(reminded, 0), :reminded), begin = coalesce(begin, :begin)`),
  say: database.prepare<Params>(`INSERT INTO clocks (${COLUMNS})
    VALUES (:term, :sender, :message, :begin, :longer, :ended, NULL) ON CONFLICT DO UPDATE
    SET begin = coalesce(:begin, begin), extensions = extensions + :longer, ended = :ended`),
  all: database.prepare<{ limit: number }, ClockRow>(
    `SELECT ${COLUMNS} FROM clocks ORDER BY rowid DESC LIMIT :limit`,
  ),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Clocks {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  remind(row: ClockId & Pick<ClockRow, 'begin' | 'reminded'>): void {
    this.#sql.remind.run(row);
  }

  /** What a person said: that it begins, is longer by one step, or has ended. */
  say(id: ClockId, said: { begin?: number; longer?: boolean; ended?: number }): void {
    const { begin = null, longer = false, ended = null } = said;
    this.#sql.say.run({ ...id, begin, longer: longer ? 1 : 0, ended });
  }

  /** The newest first. */
  all(): ClockRow[] {
    return this.#sql.all.all({ limit: MOST });
  }
}
