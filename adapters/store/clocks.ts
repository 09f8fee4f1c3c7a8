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
/** A message may come so long after it was made. */
const LATE = 40 * 86_400_000;

/** Where the ids that were made since then begin: they are in the order of time (RFC 9562 §5.7). */
function oldestId(at: number): string {
  const hex = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

const statements = (database: Database) => ({
  // A reminder that arrives late never takes back what people said since.
  remind: database.prepare<Params>(`INSERT INTO clocks (${COLUMNS})
    VALUES (:term, :sender, :message, :begin, 0, NULL, :reminded) ON CONFLICT DO UPDATE
    SET reminded = max(coalesce(reminded, 0), :reminded), begin = coalesce(begin, :begin)`),
  // Begun again, it is counted anew.
  begin: database.prepare<Params>(`INSERT INTO clocks (${COLUMNS})
    VALUES (:term, :sender, :message, :at, 0, NULL, NULL) ON CONFLICT DO UPDATE
    SET begin = :at, extensions = 0, ended = NULL, reminded = NULL`),
  extend: database.prepare<Params>(`INSERT INTO clocks (${COLUMNS})
    VALUES (:term, :sender, :message, NULL, :times, NULL, NULL) ON CONFLICT DO UPDATE
    SET extensions = :times`),
  end: database.prepare<Params>(`INSERT INTO clocks (${COLUMNS})
    VALUES (:term, :sender, :message, NULL, 0, :at, NULL) ON CONFLICT DO UPDATE SET ended = :at`),
  get: database.prepare<ClockId, ClockRow>(`SELECT ${COLUMNS} FROM clocks
    WHERE term = :term AND sender = :sender AND message = :message`),
  about: database.prepare<{ message: string }, ClockRow>(
    `SELECT ${COLUMNS} FROM clocks WHERE message = :message`,
  ),
  since: database.prepare<{ oldest: string; at: number }, ClockRow>(
    `SELECT ${COLUMNS} FROM clocks WHERE message >= :oldest OR begin >= :at`,
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

  /** A person said that it begins. @param at milliseconds since 1970 */
  begin(id: ClockId, at: number): void {
    this.#sql.begin.run({ ...id, at });
  }

  /** A person made it longer. @param times in all */
  extend(id: ClockId, times: number): void {
    this.#sql.extend.run({ ...id, times });
  }

  /** A person said that it has ended. */
  end(id: ClockId, at: number): void {
    this.#sql.end.run({ ...id, at });
  }

  get({ term, sender, message }: ClockId): ClockRow | undefined {
    return this.#sql.get.get({ term, sender, message });
  }

  /** What is known of the clocks of one message. */
  about(message: string): ClockRow[] {
    return this.#sql.about.all({ message });
  }

  /** About messages that came since then, and what began since then about others. @param at milliseconds since 1970 */
  since(at: number): ClockRow[] {
    return this.#sql.since.all({ oldest: oldestId(at - LATE), at });
  }
}
