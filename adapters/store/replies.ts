/** The receipts that this agency signed about what it received, and whether the router has them. */
import type { Digest, Oin, Uuid7 } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export type ReplyRow = {
  /** Of the receipt itself. */
  readonly digest: Digest;
  readonly jti: Uuid7;
  readonly sender: Oin;
  readonly message: Uuid7;
  /** The digest that the receipt states. */
  readonly copy: Digest;
  readonly state: State;
  readonly code: string | null;
  readonly stated: number;
};

/** How a reply fared: 0 still to send, 1 taken by the router, 2 refused by it. */
export type Sent = 0 | 1 | 2;
export type ReplyProgress = ReplyRow & {
  readonly sent: Sent;
  readonly attempts: number;
  readonly refused: string | null;
};

const COLUMNS = 'digest, jti, sender, message, copy, state, code, stated';
type Id = { readonly sender: string; readonly message: string };

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO replies (${COLUMNS}, body, key) VALUES (:digest, :jti,
    :sender, :message, :copy, :state, :code, :stated, :body, :key)`),
  of: database.prepare<Id, ReplyProgress>(`SELECT ${COLUMNS}, sent, attempts, refused FROM replies
    WHERE sender = :sender AND message = :message ORDER BY stated, jti`),
  arrived: database.prepare<Id, { stated: number }>(`SELECT stated FROM replies
    WHERE sender = :sender AND message = :message AND state IN ('afgeleverd', 'verwerkt')
    ORDER BY stated LIMIT 1`),
  due: database.prepare<
    { now: number; limit: number },
    { digest: Digest; attempts: number } & Sealed
  >(
    `SELECT digest, attempts, body, key FROM replies WHERE sent = 0 AND nextAt <= :now
     ORDER BY nextAt, jti LIMIT :limit`,
  ),
  soonest: database.prepare<{ now: number }, { soonest: number | null }>(
    'SELECT min(nextAt) AS soonest FROM replies WHERE sent = 0 AND nextAt > :now',
  ),
  settle: database.prepare<Params>(
    'UPDATE replies SET sent = :sent, refused = :refused WHERE digest = :digest',
  ),
  postpone: database.prepare<Params>(
    'UPDATE replies SET attempts = attempts + 1, nextAt = :nextAt WHERE digest = :digest',
  ),
  hasten: database.prepare<Params>(
    'UPDATE replies SET nextAt = :now WHERE sent = 0 AND nextAt > :now',
  ),
  resend: database.prepare<Params>(`UPDATE replies SET sent = 0, nextAt = 0, attempts = 0
    WHERE sender = :sender AND message = :message AND copy = :copy
    AND (state = 'onleesbaar') = :unreadable`),
});

export type DueReply = { readonly digest: Digest; readonly attempts: number; readonly jws: string };

/** Methods that change rows are to be called inside `store.write`. */
export class Replies {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  add(row: ReplyRow, jws: string): void {
    this.#sql.add.run({ ...row, ...this.#vault.seal(rowName('replies', row.digest), jws) });
  }

  /** The receipts about one message, in the order in which they were stated. */
  of(sender: string, message: string): ReplyProgress[] {
    return this.#sql.of.all({ sender, message });
  }

  /** When it was first stated that a message is here, in seconds. */
  arrived(sender: string, message: string): number | undefined {
    return this.#sql.arrived.get({ sender, message })?.stated;
  }

  /** Those that the router should be given now. */
  due(now: number, limit: number): DueReply[] {
    return this.#sql.due.all({ now, limit }).map(({ body, key, ...row }) => ({
      ...row,
      jws: this.#vault.open(rowName('replies', row.digest), { body, key }).toString(),
    }));
  }

  soonest(now: number): number | null {
    return this.#sql.soonest.get({ now })?.soonest ?? null;
  }

  settle(digest: string, sent: Sent, refused: string | null = null): void {
    this.#sql.settle.run({ digest, sent, refused });
  }

  postpone(digest: string, nextAt: number): void {
    this.#sql.postpone.run({ digest, nextAt });
  }

  /** The clock was put back: what waits by the old time waits no longer. */
  hasten(now: number): void {
    this.#sql.hasten.run({ now });
  }

  /**
   * The same copy came again: what was said of it is to be said again.
   * @param unreadable that it could not be read, or else all that was said since it could
   */
  resend(sender: string, message: string, copy: string, unreadable: boolean): void {
    this.#sql.resend.run({ sender, message, copy, unreadable: unreadable ? 1 : 0 });
  }
}
