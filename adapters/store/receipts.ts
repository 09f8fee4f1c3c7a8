/** The receipts about messages of this agency: every one is kept, the contradictory ones too. */
import type { Digest, NoteId, Oin, Uuid7 } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export type ReceiptRow = {
  /** Of the receipt itself. */
  readonly digest: Digest;
  readonly jti: Uuid7;
  readonly message: Uuid7;
  readonly issuer: Oin;
  /** Whose copy it is about; null when about the message as a whole. */
  readonly recipient: Oin | null;
  readonly state: State;
  readonly code: string | null;
  /** With wrongly-addressed: the right agency. */
  readonly referral: Oin | null;
  /** Seconds, as the issuer states. */
  readonly stated: number;
  /** Milliseconds. */
  readonly received: number;
  /** 0 as long as it is not known that its issuer is a recipient. */
  readonly counted: number;
  /** 1 when it cannot be true together with an earlier one. */
  readonly contradicts: number;
};

const COLUMNS = `digest, jti, message, issuer, recipient, state, code, referral, stated, received,
  counted, contradicts`;

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO receipts (${COLUMNS}, body, key) VALUES (:digest, :jti,
    :message, :issuer, :recipient, :state, :code, :referral, :stated, :received, :counted,
    :contradicts, :body, :key) ON CONFLICT DO NOTHING`),
  has: database.prepare<{ digest: string }, { digest: string }>(
    'SELECT digest FROM receipts WHERE digest = :digest',
  ),
  of: database.prepare<{ message: string }, ReceiptRow>(
    `SELECT ${COLUMNS} FROM receipts WHERE message = :message ORDER BY received, stated`,
  ),
  judge: database.prepare<Params>(
    'UPDATE receipts SET counted = :counted, contradicts = :contradicts WHERE digest = :digest',
  ),
  content: database.prepare<{ digest: string }, Sealed>(
    'SELECT body, key FROM receipts WHERE digest = :digest',
  ),
  see: database.prepare<Params>('INSERT INTO seen (note) VALUES (:note) ON CONFLICT DO NOTHING'),
  seen: database.prepare<{ limit: number }, { note: NoteId }>(
    'SELECT note FROM seen ORDER BY rowid LIMIT :limit',
  ),
  forget: database.prepare<Params>('DELETE FROM seen WHERE note = :note'),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Receipts {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  add(row: ReceiptRow, jws: string): void {
    this.#sql.add.run({ ...row, ...this.#vault.seal(rowName('receipts', row.digest), jws) });
  }

  has(digest: string): boolean {
    return this.#sql.has.get({ digest }) !== undefined;
  }

  /** All receipts about one message, in the order in which they came. */
  of(message: string): ReceiptRow[] {
    return this.#sql.of.all({ message });
  }

  judge(digest: string, verdict: { counted: number; contradicts: number }): void {
    this.#sql.judge.run({ digest, ...verdict });
  }

  /** The receipt byte for byte. */
  jws(digest: string): string | undefined {
    const sealed = this.#sql.content.get({ digest });
    return sealed && this.#vault.open(rowName('receipts', digest), sealed).toString();
  }

  /** Notes that the router need not give this receipt, alarm or notice again. */
  see(note: NoteId): void {
    this.#sql.see.run({ note });
  }

  /** Those that it was not told of yet, in the order in which they came. */
  seen(limit: number): NoteId[] {
    return this.#sql.seen.all({ limit }).map((row) => row.note);
  }

  /** The router has been told. */
  forget(notes: readonly NoteId[]): void {
    for (const note of notes) this.#sql.forget.run({ note });
  }
}
