/** What this agency received: opened, sender verified, kept encrypted and opened again on view. */
import type { Digest, Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';
import type { Prio } from './outbox.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export type InboxState = 'afgeleverd' | 'verwerkt' | 'afgewezen';

export type InboxRow = {
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly digest: Digest;
  /** As the register calls the sender. */
  readonly senderName: string;
  readonly type: string;
  readonly version: string;
  readonly prio: Prio;
  readonly conversation: Uuid7;
  readonly refers: Uuid7 | null;
  readonly replaces: Uuid7 | null;
  readonly withdraws: Uuid7 | null;
  /** The claim `zaak`. */
  readonly casefile: string | null;
  readonly issued: number;
  readonly expires: number;
  readonly received: number;
  readonly state: InboxState;
  readonly changed: number;
  /** The certificate that the sender signed with, DER. */
  readonly certificate: Uint8Array;
  /** A question of a consultation: its answer counts until then, in seconds. */
  readonly answerBy: number | null;
  /** When the router last reminded of it, in milliseconds. */
  readonly reminded: number | null;
  /** 1: an answer that came after the end of the consultation, as the router notes. */
  readonly late: 0 | 1;
};

export type InboxPage = {
  readonly state: string | null;
  readonly type: string | null;
  readonly limit: number;
  readonly offset: number;
};

const COLUMNS = `sender, jti, digest, senderName, type, version, prio, conversation, refers,
  replaces, withdraws, casefile, issued, expires, received, state, changed, certificate,
  answerBy, reminded, late`;
/** Nobody has acknowledged, answered or withdrawn it. */
const WAITS = `answerBy IS NOT NULL AND state = 'afgeleverd' AND expires > :now
  AND NOT EXISTS (SELECT 1 FROM outbox
    WHERE outbox.refers = inbox.jti AND outbox.withdraws IS NULL AND outbox.state <> 'geweigerd')
  AND NOT EXISTS (SELECT 1 FROM inbox AS later
    WHERE later.sender = inbox.sender AND later.withdraws = inbox.jti)`;
const CHOSEN = '(:state IS NULL OR state = :state) AND (:type IS NULL OR type = :type)';
type Chosen = { readonly state: string | null; readonly type: string | null; readonly now: number };
type Id = { readonly sender: string; readonly jti: string };

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO inbox (${COLUMNS}, body, key) VALUES (:sender, :jti,
    :digest, :senderName, :type, :version, :prio, :conversation, :refers, :replaces, :withdraws,
    :casefile, :issued, :expires, :received, :state, :changed, :certificate, :answerBy,
    :reminded, :late, :body, :key)`),
  get: database.prepare<Id, InboxRow>(
    `SELECT ${COLUMNS} FROM inbox WHERE sender = :sender AND jti = :jti`,
  ),
  content: database.prepare<Id, Sealed>(
    'SELECT body, key FROM inbox WHERE sender = :sender AND jti = :jti',
  ),
  // 'spoed' comes after 'normaal' in the alphabet: urgent first, then the newest; what is settled, and
  // questions that do not wait any more, below all that does. As the index inbox_order has it.
  list: database.prepare<InboxPage & Chosen, InboxRow>(`SELECT ${COLUMNS} FROM inbox
    WHERE ${CHOSEN} AND NOT (${WAITS})
    ORDER BY (state <> 'afgeleverd' OR answerBy IS NOT NULL), prio DESC, received DESC, jti DESC LIMIT :limit OFFSET :offset`),
  waiting: database.prepare<Chosen, InboxRow>(`SELECT ${COLUMNS} FROM inbox
    WHERE ${WAITS} AND ${CHOSEN} ORDER BY answerBy, jti`),
  answers: database.prepare<{ refers: string }, InboxRow>(`SELECT ${COLUMNS} FROM inbox
    WHERE refers = :refers AND withdraws IS NULL ORDER BY received, jti`),
  remind: database.prepare<Params>(`UPDATE inbox SET reminded = max(coalesce(reminded, 0), :at)
    WHERE sender = :sender AND jti = :jti`),
  ofType: database.prepare<{ type: string; since: number }, InboxRow>(`SELECT ${COLUMNS}
    FROM inbox WHERE type = :type AND received >= :since ORDER BY received, rowid`),
  move: database.prepare<Params>(`UPDATE inbox SET state = :state, changed = :changed
    WHERE sender = :sender AND jti = :jti`),
  erase: database.prepare<Id>(`UPDATE inbox SET body = X'', key = '', certificate = X''
    WHERE sender = :sender AND jti = :jti`),
  related: database.prepare<Params, InboxRow>(`SELECT ${COLUMNS} FROM inbox WHERE sender = :sender
    AND (replaces = :jti OR withdraws = :jti OR jti = :replaces OR jti = :withdraws)`),
  olderThan: database.prepare<{ before: number; limit: number }, InboxRow>(`SELECT ${COLUMNS}
    FROM inbox WHERE received < :before AND key <> '' ORDER BY received LIMIT :limit`),
  // +jti: by the index of what replaces, and not through all that this sender ever sent.
  replacedBy: database.prepare<Id, { jti: Uuid7 }>(`SELECT jti FROM inbox
    WHERE sender = :sender AND replaces = :jti ORDER BY +jti DESC LIMIT 1`),
  corrections: database.prepare<Id, { jti: Uuid7; received: number }>(
    'SELECT jti, received FROM inbox WHERE sender = :sender AND replaces = :jti ORDER BY received, rowid',
  ),
  withdrawnBy: database.prepare<Id, { jti: Uuid7 }>(`SELECT jti FROM inbox
    WHERE sender = :sender AND withdraws = :jti ORDER BY +jti DESC LIMIT 1`),
  conversation: database.prepare<{ jti: string }, { conversation: Uuid7 }>(
    'SELECT conversation FROM inbox WHERE jti = :jti LIMIT 1',
  ),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Inbox {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  add(row: InboxRow, jws: string): void {
    const sealed = this.#vault.seal(rowName('inbox', row.sender, row.jti), jws);
    this.#sql.add.run({ ...row, ...sealed });
  }

  get(sender: string, jti: string): InboxRow | undefined {
    return this.#sql.get.get({ sender, jti });
  }

  /** As it lies in the file; undefined when there is none, or none any more. */
  sealed(sender: string, jti: string): Sealed | undefined {
    const sealed = this.#sql.content.get({ sender, jti });
    return sealed?.key === '' ? undefined : sealed;
  }

  /** Takes away all that could tell the content; what stays is traffic data. */
  erase(sender: string, jti: string): void {
    this.#sql.erase.run({ sender, jti });
  }

  /** The later messages of the same sender that correct or withdraw this one, or that it does so to. */
  related({ sender, jti, replaces, withdraws }: InboxRow): InboxRow[] {
    return this.#sql.related.all({ sender, jti, replaces, withdraws });
  }

  /** The signed message byte for byte; undefined also when it was destroyed. */
  jws(sender: string, jti: string): string | undefined {
    const sealed = this.sealed(sender, jti);
    return sealed && this.#vault.open(rowName('inbox', sender, jti), sealed).toString();
  }

  /**
   * First the questions that wait for an answer by a clock, what ends first at the top; then urgent
   * before normal, the newest first.
   * @param now milliseconds
   */
  list({ state, type, limit, offset }: InboxPage, now = 0): InboxRow[] {
    const chosen = { state, type, now: Math.floor(now / 1000) };
    const waiting = this.#sql.waiting.all(chosen);
    const first = waiting.slice(offset, offset + limit);
    const from = Math.max(0, offset - waiting.length);
    const rest = { ...chosen, limit: limit - first.length, offset: from };
    return [...first, ...this.#sql.list.all(rest)];
  }

  /** What refers to this message of ours, the oldest first. */
  answersTo(refers: string): InboxRow[] {
    return this.#sql.answers.all({ refers });
  }

  /** The router reminded of a question at that moment. */
  remind(sender: string, jti: string, at: number): void {
    this.#sql.remind.run({ sender, jti, at });
  }

  /** What was received of a type since a moment, in the order in which it came. */
  ofType(type: string, since: number): InboxRow[] {
    return this.#sql.ofType.all({ type, since });
  }

  /** What was received before a moment and is still here, the oldest first. */
  olderThan(before: number, limit: number): InboxRow[] {
    return this.#sql.olderThan.all({ before, limit });
  }

  move(sender: string, jti: string, state: InboxState, changed: number): void {
    this.#sql.move.run({ sender, jti, state, changed });
  }

  /** The newest message of the same sender that corrects this one. */
  replacedBy(sender: string, jti: string): Uuid7 | undefined {
    return this.#sql.replacedBy.get({ sender, jti })?.jti;
  }

  /** The messages of the same sender that correct this one, the first first. */
  corrections(sender: string, jti: string): { jti: Uuid7; received: number }[] {
    return this.#sql.corrections.all({ sender, jti });
  }

  /** The message of the same sender that withdraws this one. */
  withdrawnBy(sender: string, jti: string): Uuid7 | undefined {
    return this.#sql.withdrawnBy.get({ sender, jti })?.jti;
  }

  /** The conversation of a received message. */
  conversationOf(jti: string): Uuid7 | undefined {
    return this.#sql.conversation.get({ jti })?.conversation;
  }
}
