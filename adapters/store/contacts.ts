/** Names, telephones and opening hours of other agencies as the register last told them: at hand when it is not. */
import type { Oin } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

export type Contact = {
  readonly oin: Oin;
  readonly name: string;
  readonly phone: string | null;
  /** Opening hours, JSON; null when not known. */
  readonly hours: string | null;
  readonly at: number;
};

const statements = (database: Database) => ({
  put: database.prepare<Params>(`INSERT INTO contacts (oin, name, phone, hours, at)
    VALUES (:oin, :name, :phone, :hours, :at) ON CONFLICT DO UPDATE
    SET name = :name, phone = :phone, hours = :hours, at = :at`),
  get: database.prepare<{ oin: string }, Contact>('SELECT * FROM contacts WHERE oin = :oin'),
  all: database.prepare<Record<never, never>, Contact>('SELECT * FROM contacts ORDER BY name, oin'),
});

/** `put` is to be called inside `store.write`. */
export class Contacts {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  put(contact: Contact): void {
    this.#sql.put.run(contact);
  }

  get(oin: string): Contact | undefined {
    return this.#sql.get.get({ oin });
  }

  /** By name. */
  all(): Contact[] {
    return this.#sql.all.all({});
  }
}
