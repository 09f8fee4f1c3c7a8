/** What came in and was refused, byte for byte: proof of what somebody sent. Bounded in number. */
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export type EvidenceKind = 'aflevering' | 'ontvangstbewijs' | 'waarmerk' | 'alarm' | 'mededeling';

export type EvidenceRow = {
  /** SHA-256 of what came in. */
  readonly digest: string;
  readonly kind: EvidenceKind;
  readonly at: number;
  readonly code: string;
  readonly sender: string | null;
  readonly message: string | null;
};

/** Whoever sends rubbish without end may push out older rubbish, but not fill the disk. */
const MOST = 5000;
const COLUMNS = 'digest, kind, at, code, sender, message';

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO evidence (${COLUMNS}, body, key) VALUES (:digest, :kind,
    :at, :code, :sender, :message, :body, :key) ON CONFLICT DO NOTHING`),
  bound: database.prepare<Params>(`DELETE FROM evidence WHERE digest IN (SELECT digest FROM evidence
    ORDER BY at DESC, digest LIMIT 100 OFFSET :most)`),
  list: database.prepare<{ limit: number }, EvidenceRow>(
    `SELECT ${COLUMNS} FROM evidence ORDER BY at DESC, digest LIMIT :limit`,
  ),
  get: database.prepare<{ digest: string }, EvidenceRow>(
    `SELECT ${COLUMNS} FROM evidence WHERE digest = :digest`,
  ),
  about: database.prepare<{ sender: string; message: string }, Sealed>(
    'SELECT body, key FROM evidence WHERE sender = :sender AND message = :message',
  ),
  erase: database.prepare<{ sender: string; message: string }>(
    'DELETE FROM evidence WHERE sender = :sender AND message = :message',
  ),
  content: database.prepare<{ digest: string }, Sealed>(
    'SELECT body, key FROM evidence WHERE digest = :digest',
  ),
});

/** `add` is to be called inside `store.write`. */
export class Evidence {
  readonly #vault: Vault;
  readonly #most: number;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault, most = MOST) {
    this.#vault = vault;
    this.#most = most;
    this.#sql = statements(database);
  }

  add(row: EvidenceRow, what: string): void {
    this.#sql.add.run({ ...row, ...this.#vault.seal(rowName('evidence', row.digest), what) });
    this.#sql.bound.run({ most: this.#most });
  }

  list(limit: number): EvidenceRow[] {
    return this.#sql.list.all({ limit });
  }

  get(digest: string): EvidenceRow | undefined {
    return this.#sql.get.get({ digest });
  }

  /** What lies in the file about one message. */
  about(sender: string, message: string): Sealed[] {
    return this.#sql.about.all({ sender, message });
  }

  /** @returns how many are gone */
  erase(sender: string, message: string): number {
    return this.#sql.erase.run({ sender, message });
  }

  content(digest: string): string | undefined {
    const sealed = this.#sql.content.get({ digest });
    return sealed && this.#vault.open(rowName('evidence', digest), sealed).toString();
  }
}
