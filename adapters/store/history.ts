/** What happened to the store as a whole: whether it was restored, and from when what it knows may have gaps. */
import type { Database } from './database.ts';

export interface Restored {
  /** When a backup was put in place, and when that backup was made; ISO 8601. */
  readonly at: string;
  readonly from: string;
}

const statements = (database: Database) => ({
  get: database.prepare<{ name: string }, { value: string }>(
    'SELECT value FROM meta WHERE name = :name',
  ),
  put: database.prepare<{ name: string; value: string }>(
    'INSERT INTO meta VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = :value',
  ),
  drop: database.prepare<{ name: string }>('DELETE FROM meta WHERE name = :name'),
  newest: database.prepare<Record<never, never>, { stated: number | null }>(
    'SELECT max(stated) AS stated FROM replies',
  ),
});

const GAP = 'gap';
const RESTORED = 'restored';

/** Methods that change rows are to be called inside `store.write`. */
export class History {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  restored(): Restored | undefined {
    const found = this.#sql.get.get({ name: RESTORED });
    return found && (JSON.parse(found.value) as Restored);
  }

  markRestored(restored: Restored): void {
    this.#sql.put.run({ name: RESTORED, value: JSON.stringify(restored) });
  }

  /** From when the router is to be asked what this store may lack; seconds. Undefined when that has been done. */
  gap(): number | undefined {
    const found = this.#sql.get.get({ name: GAP });
    return found && Number(found.value);
  }

  openGap(from: number): void {
    this.#sql.put.run({ name: GAP, value: String(from) });
  }

  closeGap(): void {
    this.#sql.drop.run({ name: GAP });
  }

  /** When the newest receipt of ours was signed, in seconds; 0 when there is none. */
  newestReply(): number {
    return this.#sql.newest.get({})?.stated ?? 0;
  }
}
