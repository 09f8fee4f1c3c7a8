/**
 * The marks of reports, as HMAC-SHA-256 under a random key of this store alone. The key lies sealed in the
 * vault, so that a new store key changes no mark; whoever has the file without the key can guess at nothing.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { KINDS, type Kind } from '../radar/kinds.ts';
import type { Mark } from '../radar/marks.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

/** Another report with the same mark. */
export type MarkRow = {
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly kind: number;
};
export type ReportId = { readonly sender: Oin; readonly jti: Uuid7 };

const NAME = 'radar';
const KEY_BYTES = 32;
/** Half of the hash: enough that two never meet by chance. */
const MARK_BYTES = 16;
/** Of those that share one mark the newest; more nobody reads. */
const MOST = 200;
export type Unseen = ReportId & { readonly received: number };
type Id = { readonly sender: string; readonly jti: string };

const statements = (database: Database) => ({
  key: database.prepare<{ name: string }, Sealed>(
    'SELECT body, key FROM secrets WHERE name = :name',
  ),
  putKey: database.prepare<Params>(
    'INSERT INTO secrets (name, body, key) VALUES (:name, :body, :key)',
  ),
  dropKey: database.prepare<{ name: string }>('DELETE FROM secrets WHERE name = :name'),
  id: database.prepare<Id, { id: number }>(
    'SELECT id FROM reports WHERE sender = :sender AND jti = :jti',
  ),
  addReport: database.prepare<Id>('INSERT INTO reports (sender, jti) VALUES (:sender, :jti)'),
  addMark: database.prepare<Params>(
    'INSERT INTO marks (mark, report, kind) VALUES (:mark, :id, :kind) ON CONFLICT DO NOTHING',
  ),
  // Whoever shares a mark may be pointed out: so that lists need not look at all others.
  link: database.prepare<{ id: number }>(`UPDATE reports SET linked = 1 WHERE linked = 0 AND (id IN
    (SELECT b.report FROM marks a JOIN marks b ON b.mark = a.mark WHERE a.report = :id AND b.report <> :id)
    OR (id = :id AND EXISTS (SELECT 1 FROM marks a JOIN marks b ON b.mark = a.mark
      WHERE a.report = :id AND b.report <> :id)))`),
  dropMarks: database.prepare<{ id: number }>('DELETE FROM marks WHERE report = :id'),
  dropReport: database.prepare<{ id: number }>('DELETE FROM reports WHERE id = :id'),
  marks: database.prepare<{ id: number }, { mark: Uint8Array; kind: number }>(
    'SELECT mark, kind FROM marks WHERE report = :id',
  ),
  sharing: database.prepare<{ mark: Uint8Array; id: number }, MarkRow>(`SELECT sender, jti, kind
    FROM marks JOIN reports ON reports.id = marks.report
    WHERE mark = :mark AND report <> :id ORDER BY report DESC LIMIT ${MOST}`),
  linked: database.prepare<{ limit: number; offset: number }, ReportId>(`SELECT sender, jti
    FROM reports JOIN inbox USING (sender, jti) WHERE linked = 1
    ORDER BY received DESC, jti DESC LIMIT :limit OFFSET :offset`),
  clear: database.prepare('DELETE FROM marks'),
  clearReports: database.prepare('DELETE FROM reports'),
  // What came before the radar was there, or while it was off; the later messages of its sender tell more.
  unseen: database.prepare<
    { type: string; from: number; limit: number },
    Unseen
  >(`SELECT sender, jti,
    received FROM inbox WHERE received >= :from AND type = :type AND state <> 'afgewezen' AND key <> ''
    AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.sender = inbox.sender AND reports.jti = inbox.jti)
    AND NOT EXISTS (SELECT 1 FROM inbox later WHERE later.sender = inbox.sender AND later.replaces = inbox.jti)
    AND NOT EXISTS (SELECT 1 FROM inbox later WHERE later.sender = inbox.sender AND later.withdraws = inbox.jti)
    ORDER BY received LIMIT :limit`),
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
    return this.#sql.on.get({ name: NAME })?.value === 'on';
  }

  noteOn(on: boolean): void {
    this.#sql.setOn.run({ name: NAME, value: on ? 'on' : 'off' });
  }

  /** Reports that are not looked at, received no earlier than `from`, the oldest first. */
  unseen(type: string, from: number, limit: number): Unseen[] {
    return this.#sql.unseen.all({ type, from, limit });
  }

  has({ sender, jti }: Id): boolean {
    return this.#sql.id.get({ sender, jti }) !== undefined;
  }

  /** Once for each report: the same again changes nothing. */
  add({ sender, jti }: Id, marks: readonly Mark[]): void {
    if (this.has({ sender, jti })) return;
    const key = this.#ownKey();
    this.#sql.addReport.run({ sender, jti });
    const { id } = this.#sql.id.get({ sender, jti }) ?? { id: 0 };
    for (const { kind, text } of marks) {
      this.#sql.addMark.run({ mark: hash(key, kind, text), id, kind: KINDS[kind].code });
    }
    this.#sql.link.run({ id });
  }

  /** Takes away every trace of a report. */
  forget({ sender, jti }: Id): void {
    const found = this.#sql.id.get({ sender, jti });
    if (found === undefined) return;
    this.#sql.dropMarks.run(found);
    this.#sql.dropReport.run(found);
  }

  /** Takes away all, and the key: nothing that was made with it means anything any more. */
  clear(): void {
    this.#sql.clear.run({});
    this.#sql.clearReports.run({});
    this.#sql.dropKey.run({ name: NAME });
  }

  /** For each mark of a report the others that have it, the newest first. */
  sharedWith({ sender, jti }: Id): { readonly kind: number; readonly others: MarkRow[] }[] {
    const found = this.#sql.id.get({ sender, jti });
    if (found === undefined) return [];
    return this.#sql.marks
      .all(found)
      .map(({ mark, kind }) => ({ kind, others: this.#sql.sharing.all({ mark, id: found.id }) }));
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
      this.clear();
    }
    const key = randomBytes(KEY_BYTES);
    this.#sql.putKey.run({ name: NAME, ...this.#vault.seal(rowName('secrets', NAME), key) });
    return key;
  }
}

const hash = (key: Buffer, kind: Kind, text: string): Buffer =>
  createHmac('sha256', key).update(`${kind}\n${text}`).digest().subarray(0, MARK_BYTES);
