/** What this agency subscribed to, who began and ended it, and why it ended. */
import type { Oin, Uuid, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

export type SubscriptionRow = {
  readonly id: Uuid7;
  /** Only events of this agency. */
  readonly source: Oin | null;
  readonly zaak: Uuid | null;
  readonly region: string | null;
  /** CloudEvents types as a JSON array; null for all. */
  readonly types: string | null;
  readonly basis: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly until: number | null;
  readonly ended: number | null;
  /** Why it ended, as a word. */
  readonly reason: string | null;
  /** When we heard of its end. */
  readonly heard: number | null;
  /** Events that the router left us out of, and when last. */
  readonly missed: number;
  readonly missedAt: number | null;
};

type End = { readonly ended: number; readonly reason: string; readonly heard: number };

/** Who acted: encrypted. */
export interface SubscriptionPeople {
  readonly begunBy?: string;
  readonly endedBy?: string;
}

const COLUMNS =
  'id, source, zaak, region, types, basis, begun, until, ended, reason, heard, missed, missedAt';
const MOST = 10_000;

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO subscriptions (${COLUMNS}, body, key) VALUES (:id,
    :source, :zaak, :region, :types, :basis, :begun, :until, :ended, :reason, :heard, :missed,
    :missedAt, :body, :key) ON CONFLICT DO NOTHING`),
  get: database.prepare<{ id: string }, SubscriptionRow>(
    `SELECT ${COLUMNS} FROM subscriptions WHERE id = :id`,
  ),
  people: database.prepare<{ id: string }, Sealed>(
    'SELECT body, key FROM subscriptions WHERE id = :id',
  ),
  all: database.prepare<{ limit: number }, SubscriptionRow>(
    `SELECT ${COLUMNS} FROM subscriptions ORDER BY begun DESC, id DESC LIMIT :limit`,
  ),
  resume: database.prepare<{ id: string }>(
    'UPDATE subscriptions SET ended = NULL, reason = NULL, heard = NULL WHERE id = :id',
  ),
  // What was said first stands.
  end: database.prepare<Params>(`UPDATE subscriptions SET ended = :ended, reason = :reason,
    heard = :heard WHERE id = :id AND ended IS NULL`),
  miss: database.prepare<Params>(
    'UPDATE subscriptions SET missed = :missed, missedAt = :missedAt WHERE id = :id',
  ),
  rewrite: database.prepare<Params>(
    'UPDATE subscriptions SET body = :body, key = :key WHERE id = :id',
  ),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Subscriptions {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  add(row: SubscriptionRow, people: SubscriptionPeople): void {
    this.#sql.add.run({ ...row, ...this.#seal(row.id, people) });
  }

  get(id: string): SubscriptionRow | undefined {
    return this.#sql.get.get({ id });
  }

  people(id: string): SubscriptionPeople {
    const sealed = this.#sql.people.get({ id });
    if (sealed === undefined) return {};
    const text = this.#vault.open(rowName('subscriptions', id), sealed).toString();
    return JSON.parse(text) as SubscriptionPeople;
  }

  /** The newest first. */
  all(): SubscriptionRow[] {
    return this.#sql.all.all({ limit: MOST });
  }

  /**
   * One that has ended stays as it was, unless a person of ours ends what only others said had ended.
   * @returns whether it ended by this
   */
  end(id: string, end: End, endedBy?: string): boolean {
    if (endedBy !== undefined && this.people(id).endedBy === undefined) this.resume(id);
    if (this.#sql.end.run({ id, ...end }) === 0) return false;
    if (endedBy !== undefined) {
      this.#sql.rewrite.run({ id, ...this.#seal(id, { ...this.people(id), endedBy }) });
    }
    return true;
  }

  /** It runs after all. */
  resume(id: string): void {
    this.#sql.resume.run({ id });
  }

  miss({ id, missed, missedAt }: Pick<SubscriptionRow, 'id' | 'missed' | 'missedAt'>): void {
    this.#sql.miss.run({ id, missed, missedAt });
  }

  #seal(id: string, people: SubscriptionPeople): Sealed {
    return this.#vault.seal(rowName('subscriptions', id), JSON.stringify(people));
  }
}
