/** Messages of both directions side by side, found by what ties them together. Traffic data only. */
import type { Uuid7 } from '../../schemas/ids.ts';
import type { Database } from './database.ts';
import type { Prio } from './outbox.ts';

/** A message of this agency: one that it received, or one that it sent. */
export type ThreadRow = {
  readonly side: 'in' | 'uit';
  /** Of a received message; empty of one that was sent. */
  readonly sender: string;
  readonly senderName: string;
  readonly jti: Uuid7;
  readonly type: string;
  readonly prio: Prio;
  readonly conversation: Uuid7;
  readonly casefile: string | null;
  readonly refers: Uuid7 | null;
  readonly replaces: Uuid7 | null;
  readonly withdraws: Uuid7 | null;
  /** When it was received or handed in, in milliseconds. */
  readonly at: number;
  readonly state: string;
  /** The audience that was named, as in the outbox. */
  readonly audience: string | null;
  /** Seconds: until when a question, received or sent, wants its answer. */
  readonly answerBy: number | null;
  /** 1 when it came after the end of its consultation. */
  readonly late: number;
};

const SHARED = 'jti, type, prio, conversation, casefile, refers, replaces, withdraws, state';
const IN = `SELECT 'in' AS side, sender, senderName, ${SHARED}, received AS at, NULL AS audience,
  answerBy, late FROM inbox`;
const OUT = `SELECT 'uit' AS side, '' AS sender, '' AS senderName, ${SHARED}, stored AS at, audience,
  (SELECT until FROM questions WHERE message = outbox.jti) AS answerBy, 0 AS late FROM outbox`;

/** In the order of storing, which every index has in it: however many there are, no more than these are read. */
const NEWEST = 'ORDER BY rowid DESC LIMIT :limit';
const some = (from: string, where: string) => `SELECT * FROM (${from} WHERE ${where} ${NEWEST})`;
/** Both directions under one condition: the newest of each. */
const both = (where: string) => `${some(IN, where)} UNION ALL ${some(OUT, where)}`;

/** For each conversation, or each case, its newest row. By an index alone until here. */
const heads = (table: string, by: string) => `rowid IN (SELECT max(rowid) FROM ${table}
  WHERE ${by} IS NOT NULL GROUP BY ${by} ORDER BY 1 DESC LIMIT :limit)`;
const FILED = 'coalesce(casefile, conversation) AS id';

const statements = (database: Database) => ({
  message: database.prepare<{ id: string; limit: number }, ThreadRow>(both('jti = :id')),
  casefile: database.prepare<{ id: string; limit: number }, ThreadRow>(both('casefile = :id')),
  conversation: database.prepare<{ id: string; limit: number }, ThreadRow>(
    both('conversation = :id'),
  ),
  // Only its own sender can correct or withdraw a message; anybody can refer to it.
  pointing: database.prepare<{ id: string; sender: string; limit: number }, ThreadRow>(
    `${both('refers = :id')}
    UNION ALL ${some(IN, 'sender = :sender AND replaces = :id')}
    UNION ALL ${some(IN, 'sender = :sender AND withdraws = :id')}
    UNION ALL ${some(OUT, "replaces = :id AND :sender = ''")}
    UNION ALL ${some(OUT, "withdraws = :id AND :sender = ''")}`,
  ),
  heads: database.prepare<{ limit: number }, { id: string }>(
    `SELECT id, max(at) AS at FROM (
    SELECT ${FILED}, received AS at FROM inbox WHERE ${heads('inbox', 'conversation')}
    UNION ALL SELECT casefile, received FROM inbox WHERE ${heads('inbox', 'casefile')}
    UNION ALL SELECT ${FILED}, stored FROM outbox WHERE ${heads('outbox', 'conversation')}
    UNION ALL SELECT casefile, stored FROM outbox WHERE ${heads('outbox', 'casefile')})
    GROUP BY id ORDER BY at DESC, id LIMIT :limit`,
  ),
});

/** `limit` is of each direction; what is left out is the oldest. */
export class Threads {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  message(id: string, limit: number): ThreadRow[] {
    return this.#sql.message.all({ id, limit });
  }

  casefile(id: string, limit: number): ThreadRow[] {
    return this.#sql.casefile.all({ id, limit });
  }

  conversation(id: string, limit: number): ThreadRow[] {
    return this.#sql.conversation.all({ id, limit });
  }

  /** The messages that refer to this one, correct it or withdraw it. */
  pointingAt({ jti: id, sender }: ThreadRow, limit: number): ThreadRow[] {
    return this.#sql.pointing.all({ id, sender, limit });
  }

  /** Cases, and conversations that (also) are of none, the one with the newest message first. */
  heads(limit: number): string[] {
    return this.#sql.heads.all({ limit }).map(({ id }) => id);
  }
}
