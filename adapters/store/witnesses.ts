/**
 * Checkpoints of the router's ledger, as they came with acceptances. They hold no content; kept here
 * they are out of the router's reach, so that an operator who rewrites the ledger is found out.
 */
import type { Oin } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type WitnessRow = {
  readonly digest: string;
  readonly issuer: Oin;
  /** Entries in the chain at that moment. */
  readonly size: number;
  readonly head: string;
  readonly stated: number;
  readonly jws: string;
};

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO witnesses (digest, issuer, size, head, stated, jws)
    VALUES (:digest, :issuer, :size, :head, :stated, :jws) ON CONFLICT DO NOTHING`),
  has: database.prepare<{ digest: string }, { digest: string }>(
    'SELECT digest FROM witnesses WHERE digest = :digest',
  ),
  at: database.prepare<{ issuer: string; size: number }, WitnessRow>(
    'SELECT * FROM witnesses WHERE issuer = :issuer AND size = :size',
  ),
  page: database.prepare<{ size: number; digest: string; limit: number }, WitnessRow>(
    `SELECT * FROM witnesses WHERE (size, digest) > (:size, :digest)
     ORDER BY size, digest LIMIT :limit`,
  ),
});

const PAGE = 500;

/** `add` is to be called inside `store.write`. */
export class Witnesses {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  add(row: WitnessRow): void {
    this.#sql.add.run(row);
  }

  has(digest: string): boolean {
    return this.#sql.has.get({ digest }) !== undefined;
  }

  /** The checkpoints of one size: more than one head among them means that history was rewritten. */
  at(issuer: string, size: number): WitnessRow[] {
    return this.#sql.at.all({ issuer, size });
  }

  /** All of them, the oldest first. */
  *all(): Generator<WitnessRow> {
    let last = { size: -1, digest: '' };
    for (;;) {
      const page = this.#sql.page.all({ ...last, limit: PAGE });
      yield* page;
      const end = page.at(-1);
      if (end === undefined) return;
      last = { size: end.size, digest: end.digest };
    }
  }
}
