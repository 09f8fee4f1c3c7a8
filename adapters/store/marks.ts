/**
 * The marks of reports, as HMAC-SHA-256 under a random key of this store alone. The key lies sealed in the
 * vault, so that a new store key changes no mark; whoever has the file without the key can guess at nothing.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { KINDS, type Kind } from '../radar/kinds.ts';
import { type Mark, RULES } from '../radar/marks.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export type ReportId = { readonly sender: Oin; readonly jti: Uuid7 };

const NAME = 'radar';
/** In `meta`, while the radar is on: with the rules that its marks are of. */
const ON = `on ${RULES}`;
const KEY_BYTES = 32;
/** Half of the hash: enough that two never meet by chance. */
const MARK_BYTES = 16;
/** Of those that share one mark the newest; more nobody reads. */
const MOST = 200;
export type Seen = ReportId & { readonly received: number };
type Report = { readonly id: number; readonly marks: Uint8Array };
type Id = { readonly sender: string; readonly jti: string };

/**
 * Its sender has corrected or withdrawn it since, by a message that was not rejected; or a correction that
 * was rejected was corrected in its turn, by one that stands.
 */
const OVER = (sender: string, jti: string) => `WITH RECURSIVE later (jti, state) AS (
  SELECT first.jti, first.state FROM inbox first
  WHERE first.sender = ${sender} AND first.replaces = ${jti}
  UNION SELECT next.jti, next.state FROM later JOIN inbox next
  ON next.sender = ${sender} AND next.replaces = later.jti WHERE later.state = 'afgewezen')
  SELECT 1 AS one FROM later WHERE state <> 'afgewezen' UNION ALL SELECT 1 AS one FROM inbox gone
  WHERE gone.sender = ${sender} AND gone.withdraws = ${jti} AND gone.state <> 'afgewezen'`;

const statements = (database: Database) => ({
  key: database.prepare<{ name: string }, Sealed>(
    'SELECT body, key FROM secrets WHERE name = :name',
  ),
  putKey: database.prepare<Params>(
    'INSERT INTO secrets (name, body, key) VALUES (:name, :body, :key)',
  ),
  dropKey: database.prepare<{ name: string }>('DELETE FROM secrets WHERE name = :name'),
  get: database.prepare<Id, Report>(
    'SELECT id, marks FROM reports WHERE sender = :sender AND jti = :jti',
  ),
  addReport: database.prepare<Params>(
    'INSERT INTO reports (sender, jti, received, marks) VALUES (:sender, :jti, :received, :marks)',
  ),
  addMark: database.prepare<Params>('INSERT INTO marks (mark, report) VALUES (:mark, :id)'),
  // Whoever shares a mark may be pointed out: so that lists need not look at all others.
  linkOthers: database.prepare<Params>(`UPDATE reports SET linked = 1 WHERE linked = 0
    AND id IN (SELECT report FROM marks WHERE mark = :mark AND report <> :id)`),
  linkSelf: database.prepare<Params>(`UPDATE reports SET linked = 1 WHERE id = :id AND linked = 0
    AND EXISTS (SELECT 1 FROM marks WHERE mark = :mark AND report <> :id)`),
  dropMark: database.prepare<Params>('DELETE FROM marks WHERE mark = :mark AND report = :id'),
  dropReport: database.prepare<{ id: number }>('DELETE FROM reports WHERE id = :id'),
  sharing: database.prepare<{ mark: Uint8Array; id: number }, Seen>(`SELECT sender, jti, received
    FROM marks JOIN reports ON reports.id = marks.report
    WHERE mark = :mark AND report <> :id ORDER BY report DESC LIMIT ${MOST}`),
  linked: database.prepare<{ limit: number; offset: number }, ReportId>(`SELECT sender, jti
    FROM reports WHERE linked = 1
    ORDER BY received DESC, jti DESC LIMIT :limit OFFSET :offset`),
  clear: database.prepare('DELETE FROM marks'),
  clearReports: database.prepare('DELETE FROM reports'),
  // What came before the radar was there, or while it was off.
  unseen: database.prepare<{ type: string; from: number; limit: number }, Seen>(`SELECT sender, jti,
    received FROM inbox WHERE received >= :from AND type = :type AND state <> 'afgewezen' AND key <> ''
    AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.sender = inbox.sender AND reports.jti = inbox.jti)
    AND NOT EXISTS (${OVER('inbox.sender', 'inbox.jti')}) ORDER BY received LIMIT :limit`),
  over: database.prepare<Id, { one: number }>(OVER(':sender', ':jti')),
  on: database.prepare<{ name: string }, { value: string }>(
    'SELECT value FROM meta WHERE name = :name',
  ),
  setOn: database.prepare<Params>(
    'INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = :value',
  ),
  count: database.prepare<Record<never, never>, { n: number }>('SELECT count(*) AS n FROM reports'),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Marks {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  /** How many reports have marks, or were found to have none. */
  get count(): number {
    return this.#sql.count.get({})?.n ?? 0;
  }

  /** Whether the radar was on when that was last known. */
  get on(): boolean {
    return this.#sql.on.get({ name: NAME })?.value.startsWith('on') ?? false;
  }

  /** Whether this is as it was left: on, with marks of the rules of now; or off, with none. */
  isTurned(on: boolean): boolean {
    if (!on) return !this.on && this.count === 0;
    return this.#sql.on.get({ name: NAME })?.value === ON;
  }

  /** Off or on, it begins with nothing. */
  turn(on: boolean): void {
    this.#clear();
    this.#sql.setOn.run({ name: NAME, value: on ? ON : 'off' });
  }

  /** Reports that are not looked at, received no earlier than `from`, the oldest first. */
  unseen(type: string, from: number, limit: number): Seen[] {
    return this.#sql.unseen.all({ type, from, limit });
  }

  has({ sender, jti }: Id): boolean {
    return this.#sql.get.get({ sender, jti }) !== undefined;
  }

  /** Whether its sender has corrected or withdrawn it. */
  isOver({ sender, jti }: Id): boolean {
    return this.#sql.over.get({ sender, jti }) !== undefined;
  }

  /** Once for each report: the same again changes nothing. */
  add({ sender, jti, received }: Seen, marks: readonly Mark[]): void {
    if (this.has({ sender, jti })) return;
    const key = this.#ownKey();
    const packed = Buffer.concat(marks.map(({ kind, text }) => pack(key, kind, text)));
    this.#sql.addReport.run({ sender, jti, received, marks: packed });
    const { id } = this.#sql.get.get({ sender, jti }) ?? { id: 0 };
    for (const { mark } of unpack(packed)) {
      this.#sql.addMark.run({ mark, id });
      this.#sql.linkSelf.run({ mark, id });
      this.#sql.linkOthers.run({ mark, id });
    }
  }

  /** Takes away every trace of a report. */
  forget({ sender, jti }: Id): void {
    const found = this.#sql.get.get({ sender, jti });
    if (found === undefined) return;
    const { id, marks } = found;
    for (const { mark } of unpack(marks)) this.#sql.dropMark.run({ mark, id });
    this.#sql.dropReport.run({ id });
  }

  /** Takes away all, and the key: nothing that was made with it means anything any more. */
  #clear(): void {
    this.#sql.clear.run({});
    this.#sql.clearReports.run({});
    this.#sql.dropKey.run({ name: NAME });
  }

  /** For each mark of a report, by its kind, the others that have it, the newest first. */
  sharedWith({ sender, jti }: Id): { readonly kind: number; readonly others: Seen[] }[] {
    const found = this.#sql.get.get({ sender, jti });
    if (found === undefined) return [];
    const { id, marks } = found;
    return unpack(marks).map(({ mark, kind }) => ({
      kind,
      others: this.#sql.sharing.all({ mark, id }),
    }));
  }

  /** Reports that share a mark with another, the newest first. */
  linked(limit: number, offset: number): ReportId[] {
    return this.#sql.linked.all({ limit, offset });
  }

  /**
   * Read anew each time: what was made in a transaction that failed must not be remembered. A key that
   * does not open has made marks that nothing will meet any more: all begins anew with another.
   */
  #ownKey(): Buffer {
    const sealed = this.#sql.key.get({ name: NAME });
    try {
      if (sealed !== undefined) return this.#vault.open(rowName('secrets', NAME), sealed);
    } catch {
      this.#clear();
    }
    const key = randomBytes(KEY_BYTES);
    this.#sql.putKey.run({ name: NAME, ...this.#vault.seal(rowName('secrets', NAME), key) });
    return key;
  }
}

/** The marks of a report lie with it in one value: of each the kind in a byte, then the hash. */
function pack(key: Buffer, kind: Kind, text: string): Buffer {
  const hash = createHmac('sha256', key).update(`${kind}\n${text}`).digest();
  return Buffer.concat([Buffer.of(KINDS[kind].code), hash.subarray(0, MARK_BYTES)]);
}

function unpack(packed: Uint8Array): { readonly kind: number; readonly mark: Buffer }[] {
  const bytes = Buffer.from(packed);
  const [size, count] = [1 + MARK_BYTES, Math.floor(bytes.length / (1 + MARK_BYTES))];
  return Array.from({ length: count }, (_, n) => ({
    kind: bytes[n * size] ?? 0,
    mark: bytes.subarray(n * size + 1, (n + 1) * size),
  }));
}
