/** What this agency sent: one row a message, from the moment that it was signed. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { SENT, SENT_STATES, type SentState } from '../../schemas/sent.ts';
import type { State } from '../../schemas/states.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

/** Where a message stands as a whole. */
export type OutboxState = SentState;
export type Prio = 'spoed' | 'normaal';

export interface OutboxRow {
  readonly jti: Uuid7;
  readonly conversation: Uuid7;
  readonly type: string;
  readonly version: string;
  readonly prio: Prio;
  /** The OINs that the sender named, as JSON; null when the router is to find them. */
  readonly audience: string | null;
  readonly refers: Uuid7 | null;
  readonly replaces: Uuid7 | null;
  readonly withdraws: Uuid7 | null;
  /** The claim `zaak`. */
  readonly casefile: string | null;
  readonly digest: string;
  /** Seconds, as in the claims. */
  readonly issued: number;
  readonly expires: number;
  /** Milliseconds. */
  readonly stored: number;
  readonly state: OutboxState;
  readonly changed: number;
  /** How often it was offered to the router. */
  readonly attempts: number;
  /** The place in the back-off of its phase. */
  readonly step: number;
  readonly nextAt: number | null;
  readonly lastCode: string | null;
  /** 0 when it did not come from the folder; 2 when it did and a file there must be told its state, 1 when told. */
  readonly folder: number;
}

/** What is encrypted: the message byte for byte, and the name of the file that it came from. */
export interface OutboxContent {
  readonly jws: string;
  readonly file?: string;
}

export interface Recipient {
  readonly oin: Oin;
  readonly state: State | null;
  readonly at: number | null;
}

export type Progress = Pick<
  OutboxRow,
  'state' | 'changed' | 'attempts' | 'step' | 'nextAt' | 'lastCode'
>;

export type Page = {
  readonly state: string | null;
  /** Only older ones than this id. */
  readonly before: string | null;
  readonly limit: number;
};

const COLUMNS = `jti, conversation, type, version, prio, audience, refers, replaces, withdraws,
  casefile, digest, issued, expires, stored, state, changed, attempts, step, nextAt, lastCode, folder`;

const OFFERED = SENT_STATES.filter((one) => SENT[one].offers)
  .map((one) => `'${one}'`)
  .join(', ');

const statements = (database: Database) => ({
  insert: database.prepare<Params>(`INSERT INTO outbox (${COLUMNS}, body, key) VALUES (
    :jti, :conversation, :type, :version, :prio, :audience, :refers, :replaces, :withdraws,
    :casefile, :digest, :issued, :expires, :stored, :state, :changed, :attempts, :step, :nextAt, :lastCode,
    :folder, :body, :key) ON CONFLICT DO NOTHING`),
  get: database.prepare<{ jti: string }, OutboxRow>(
    `SELECT ${COLUMNS} FROM outbox WHERE jti = :jti`,
  ),
  content: database.prepare<{ jti: string }, Sealed>(
    'SELECT body, key FROM outbox WHERE jti = :jti',
  ),
  list: database.prepare<Page, OutboxRow>(`SELECT ${COLUMNS} FROM outbox
    WHERE (:state IS NULL OR state = :state) AND (:before IS NULL OR jti < :before)
    ORDER BY jti DESC LIMIT :limit`),
  due: database.prepare<{ now: number; limit: number; prio: Prio }, { jti: Uuid7 }>(
    `SELECT jti FROM outbox WHERE nextAt <= :now AND prio = :prio AND state IN (${OFFERED})
     ORDER BY nextAt LIMIT :limit`,
  ),
  questions: database.prepare<{ now: number; limit: number }, { jti: Uuid7 }>(
    `SELECT jti FROM outbox WHERE nextAt <= :now AND state NOT IN (${OFFERED})
     ORDER BY nextAt LIMIT :limit`,
  ),
  // What changed in the future did so before the clock was put back: its waits are too long by as much.
  hasten: database.prepare<Params>(
    'UPDATE outbox SET nextAt = :now, changed = :now WHERE nextAt > :now AND changed > :now',
  ),
  soonest: database.prepare<{ now: number }, { soonest: number | null }>(
    'SELECT min(nextAt) AS soonest FROM outbox WHERE nextAt > :now',
  ),
  progress: database.prepare<Params>(`UPDATE outbox SET state = :state, changed = :changed,
    attempts = :attempts, step = :step, nextAt = :nextAt, lastCode = :lastCode,
    folder = CASE WHEN folder = 0 THEN 0 ELSE 2 END WHERE jti = :jti`),
  // Only what has not changed since it was read has been told.
  told: database.prepare<Params>(
    'UPDATE outbox SET folder = 1 WHERE jti = :jti AND changed = :changed',
  ),
  untold: database.prepare<{ limit: number }, OutboxRow>(
    `SELECT ${COLUMNS} FROM outbox WHERE folder = 2 ORDER BY jti LIMIT :limit`,
  ),
  counts: database.prepare<Params, { state: OutboxState; n: number }>(
    'SELECT state, count(*) AS n FROM outbox GROUP BY state',
  ),
  answer: database.prepare<Params, { jti: Uuid7; stored: number }>(`SELECT jti, stored FROM outbox
    WHERE refers = :refers AND type = :type AND state <> 'geweigerd' AND withdraws IS NULL
    AND stored >= :since ORDER BY stored LIMIT 1`),
  erase: database.prepare<{ jti: string }>(
    "UPDATE outbox SET body = X'', key = '' WHERE jti = :jti",
  ),
  addRecipient: database.prepare<Params>(
    'INSERT INTO recipients (message, oin) VALUES (:message, :oin) ON CONFLICT DO NOTHING',
  ),
  recipients: database.prepare<{ message: string }, Recipient>(
    'SELECT oin, state, at FROM recipients WHERE message = :message ORDER BY oin',
  ),
  stand: database.prepare<Params>(
    'UPDATE recipients SET state = :state, at = :at WHERE message = :message AND oin = :oin',
  ),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Outbox {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  /** @returns false when there is a message with this id already: it stays as it is */
  add(row: OutboxRow, content: OutboxContent): boolean {
    const sealed = this.#vault.seal(rowName('outbox', row.jti), JSON.stringify(content));
    return this.#sql.insert.run({ ...row, ...sealed }) === 1;
  }

  /** The first message of this type since a moment that refers to that one, and was not refused. */
  answerTo(
    refers: string,
    type: string,
    since: number,
  ): { jti: Uuid7; stored: number } | undefined {
    return this.#sql.answer.get({ refers, type, since });
  }

  get(jti: string): OutboxRow | undefined {
    return this.#sql.get.get({ jti });
  }

  /** As it lies in the file; undefined when there is none, or none any more. */
  sealed(jti: string): Sealed | undefined {
    const sealed = this.#sql.content.get({ jti });
    return sealed?.key === '' ? undefined : sealed;
  }

  /** Takes away all that could tell the content; what stays is traffic data. */
  erase(jti: string): void {
    this.#sql.erase.run({ jti });
  }

  /** Undefined also when it was destroyed. */
  content(jti: string): OutboxContent | undefined {
    const sealed = this.sealed(jti);
    if (sealed === undefined) return undefined;
    return JSON.parse(this.#vault.open(rowName('outbox', jti), sealed).toString()) as OutboxContent;
  }

  /** The newest first. */
  list(page: Page): OutboxRow[] {
    return this.#sql.list.all(page);
  }

  /** Ids of messages of one priority that are to be offered now, the longest due first. */
  due(prio: Prio, now: number, limit: number): Uuid7[] {
    return this.#sql.due.all({ now, limit, prio }).map((row) => row.jti);
  }

  /** Ids of messages that are offered no more, and that the router is to be asked about now. */
  questions(now: number, limit: number): Uuid7[] {
    return this.#sql.questions.all({ now, limit }).map((row) => row.jti);
  }

  /** The clock was put back: what waits by the old time waits no longer. @returns how many */
  hasten(now: number): number {
    return this.#sql.hasten.run({ now });
  }

  /** When the next one after now will be due. */
  soonest(now: number): number | null {
    return this.#sql.soonest.get({ now })?.soonest ?? null;
  }

  progress(jti: string, to: Progress): void {
    const { state, changed, attempts, step, nextAt, lastCode } = to;
    this.#sql.progress.run({ jti, state, changed, attempts, step, nextAt, lastCode });
  }

  /** Messages from the folder whose state the folder does not tell yet. */
  untold(limit: number): OutboxRow[] {
    return this.#sql.untold.all({ limit });
  }

  /** The folder tells the state of this row as it was read. */
  told({ jti, changed }: OutboxRow): void {
    this.#sql.told.run({ jti, changed });
  }

  counts(): Partial<Record<OutboxState, number>> {
    return Object.fromEntries(this.#sql.counts.all({}).map((row) => [row.state, row.n]));
  }

  addRecipients(message: string, oins: readonly Oin[]): void {
    for (const oin of oins) this.#sql.addRecipient.run({ message, oin });
  }

  recipients(message: string): Recipient[] {
    return this.#sql.recipients.all({ message });
  }

  /** Notes where the copy of one recipient stands. */
  stand(message: string, oin: Oin, state: State, at: number): void {
    this.#sql.stand.run({ message, oin, state, at });
  }
}
