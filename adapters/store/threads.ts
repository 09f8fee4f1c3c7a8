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

/** Both directions under one condition. */
const both = (where: string, inOnly = '') =>
  `${IN} WHERE ${where} ${inOnly} UNION ALL ${OUT} WHERE ${where}`;

const statements = (database: Database) => ({
  message: database.prepare<{ id: string; limit: number }, ThreadRow>(
    `${both('jti = :id')} LIMIT :limit`,
  ),
  casefile: database.prepare<{ id: string; limit: number }, ThreadRow>(
    `${both('casefile = :id')} LIMIT :limit`,
  ),
  conversation: database.prepare<{ id: string; limit: number }, ThreadRow>(
    `${both('conversation = :id')} LIMIT :limit`,
  ),
  // Only its own sender can correct or withdraw a message; anybody can refer to it.
  pointing: database.prepare<{ id: string; sender: string; limit: number }, ThreadRow>(
    `${both('refers = :id')}
    UNION ALL ${IN} WHERE sender = :sender AND replaces = :id
    UNION ALL ${IN} WHERE sender = :sender AND withdraws = :id
    UNION ALL ${OUT} WHERE :sender = '' AND replaces = :id
    UNION ALL ${OUT} WHERE :sender = '' AND withdraws = :id LIMIT :limit`,
  ),
  recent: database.prepare<{ limit: number; offset: number }, ThreadRow>(
    `SELECT * FROM (${IN} ORDER BY received DESC LIMIT :limit + :offset)
    UNION ALL SELECT * FROM (${OUT} ORDER BY stored DESC LIMIT :limit + :offset)
    ORDER BY at DESC, jti DESC LIMIT :limit OFFSET :offset`,
  ),
});

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

  /** The newest first. */
  recent(limit: number, offset: number): ThreadRow[] {
    return this.#sql.recent.all({ limit, offset });
  }
}
