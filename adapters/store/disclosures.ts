/** Who asked for a case of ours, when, and what came of it. */
import type { Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type Disclosure = {
  readonly id: Uuid7;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** OIN on the certificate that was shown; empty when it names none. */
  readonly peer: string;
  /** The case as it was asked for: an id without meaning. */
  readonly zaak: string;
  /** `verstrekt`, or why not. */
  readonly outcome: string;
  readonly basis: string | null;
  /** SHA-256 of what was given. */
  readonly digest: string | null;
};

export type DisclosurePage = {
  readonly zaak: string | null;
  readonly peer: string | null;
  readonly limit: number;
  readonly offset: number;
};

const COLUMNS = 'id, at, peer, zaak, outcome, basis, digest';

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO disclosures (${COLUMNS})
    VALUES (:id, :at, :peer, :zaak, :outcome, :basis, :digest)`),
  list: database.prepare<DisclosurePage, Disclosure>(`SELECT ${COLUMNS} FROM disclosures
    WHERE (:zaak IS NULL OR zaak = :zaak) AND (:peer IS NULL OR peer = :peer)
    ORDER BY id DESC LIMIT :limit OFFSET :offset`),
  remove: database.prepare<{ before: number }>('DELETE FROM disclosures WHERE at < :before'),
});

export class Disclosures {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  /** To be called inside `store.write`. */
  add(one: Disclosure): void {
    this.#sql.add.run(one);
  }

  /** To be called inside `store.write`. @param before milliseconds since 1970 @returns how many are gone */
  removeBefore(before: number): number {
    return this.#sql.remove.run({ before });
  }

  /** The newest first. */
  list(page: DisclosurePage): Disclosure[] {
    return this.#sql.list.all(page);
  }
}
