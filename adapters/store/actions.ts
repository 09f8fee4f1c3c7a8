/** Who did what with a message. The name of the person is encrypted. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

/** The catalogue of what can be done with a message. */
export type Action =
  | 'gelezen'
  | 'bevestigd'
  | 'afgewezen'
  | 'overgenomen'
  | 'opnieuw-aangeboden'
  | 'alarm-gezien'
  | 'vernietigd'
  | 'vermist-afgehandeld'
  | 'termijn-begonnen'
  | 'termijn-verlengd'
  | 'termijn-beeindigd'
  | 'opgehaald'
  | 'raadpleging-gevraagd'
  | 'raadpleging-gesloten';

export type ActionRow = {
  readonly id: Uuid7;
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly at: number;
  readonly action: Action;
};
/** What is encrypted of an action. `medewerker` is absent when a system acted. */
export interface ActionDetail {
  readonly medewerker?: string;
  readonly toelichting?: string;
}

const COLUMNS = 'id, sender, message, at, action';
type Id = { readonly sender: string; readonly message: string };

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO actions (${COLUMNS}, body, key)
    VALUES (:id, :sender, :message, :at, :action, :body, :key)`),
  rewrite: database.prepare<Params>('UPDATE actions SET body = :body, key = :key WHERE id = :id'),
  of: database.prepare<Id, ActionRow & Sealed>(`SELECT ${COLUMNS}, body, key FROM actions
    WHERE sender = :sender AND message = :message ORDER BY at, id`),
});

/** `add` is to be called inside `store.write`. */
export class Actions {
  readonly #vault: Vault;
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database, vault: Vault) {
    this.#vault = vault;
    this.#sql = statements(database);
  }

  add(row: ActionRow, detail: ActionDetail): void {
    const sealed = this.#vault.seal(rowName('actions', row.id), JSON.stringify(detail));
    this.#sql.add.run({ ...row, ...sealed });
  }

  /** Who did what stays; what they wrote about the message goes. */
  forgetWords(sender: string, message: string): void {
    for (const { id, toelichting, medewerker } of this.of(sender, message)) {
      if (toelichting === undefined) continue;
      const detail = JSON.stringify(medewerker === undefined ? {} : { medewerker });
      this.#sql.rewrite.run({ id, ...this.#vault.seal(rowName('actions', id), detail) });
    }
  }

  of(sender: string, message: string): (ActionRow & ActionDetail)[] {
    return this.#sql.of.all({ sender, message }).map(({ body, key, ...row }) => {
      const detail = this.#vault.open(rowName('actions', row.id), { body, key }).toString();
      return { ...row, ...(JSON.parse(detail) as ActionDetail) };
    });
  }
}
