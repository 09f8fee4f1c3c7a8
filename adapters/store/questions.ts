/** What this agency asked its partners under a clock, by conversation: a row for each question. */
import type { Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type QuestionRow = {
  readonly message: Uuid7;
  readonly conversation: Uuid7;
  /** As the claim `raadpleging` calls it: zsm-6, zsm-9 or vrij. */
  readonly clock: string;
  /** Seconds. */
  readonly begin: number;
  readonly until: number;
};

/** A message of ours that withdraws another, or corrects it: then whoever it goes to need not answer the former. */
export type Withdrawal = {
  readonly jti: Uuid7;
  /** As in the outbox. */
  readonly audience: string | null;
  /** Seconds. */
  readonly issued: number;
};

const COLUMNS = 'message, conversation, clock, begin, until';

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO questions (${COLUMNS})
    VALUES (:message, :conversation, :clock, :begin, :until) ON CONFLICT DO NOTHING`),
  of: database.prepare<{ conversation: string }, QuestionRow>(
    `SELECT ${COLUMNS} FROM questions WHERE conversation = :conversation ORDER BY message`,
  ),
  conversations: database.prepare<{ limit: number; now: number }, { conversation: Uuid7 }>(
    `SELECT conversation FROM questions GROUP BY conversation
    HAVING max(until) > :now OR conversation IN (SELECT conversation FROM questions
      GROUP BY conversation ORDER BY min(message) DESC LIMIT :limit)
    ORDER BY min(message) DESC`,
  ),
  withdrawals: database.prepare<{ of: string }, Withdrawal>(`SELECT jti, audience, issued
    FROM outbox WHERE (withdraws = :of OR replaces = :of) AND state <> 'geweigerd'
    AND conversation = (SELECT conversation FROM outbox WHERE jti = :of) ORDER BY stored, jti`),
  answers: database.prepare<{ refers: string }, { n: number }>(`SELECT count(*) AS n FROM outbox
    WHERE refers = :refers AND withdraws IS NULL AND state <> 'geweigerd'`),
});

/** `add` is to be called inside `store.write`. */
export class Questions {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  add(row: QuestionRow): void {
    this.#sql.add.run(row);
  }

  /** The questions of a consultation, the first one first. */
  of(conversation: string): QuestionRow[] {
    return this.#sql.of.all({ conversation });
  }

  /** What withdraws a question of ours in its conversation, from some of its recipients or from all; not what was refused. */
  withdrawalsOf(question: string): Withdrawal[] {
    return this.#sql.withdrawals.all({ of: question });
  }

  /** Whether anything was sent that refers to a question to us, and was not refused. */
  isAnswered(refers: string): boolean {
    return (this.#sql.answers.get({ refers })?.n ?? 0) > 0;
  }

  /** Consultations whose clock has not ended, all of them, and the newest: the one that was opened last first. @param now seconds */
  conversations(limit: number, now: number): Uuid7[] {
    return this.#sql.conversations.all({ limit, now }).map(({ conversation }) => conversation);
  }
}
