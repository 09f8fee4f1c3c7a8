/**
 * What older versions of this program did not write down: the case of each message, taken once from the
 * messages themselves, which only the store key opens. Cut off half way it goes on at the next opening.
 */
import { member } from '../../schemas/rules/look.ts';
import { claimsIn } from './claims.ts';
import type { Database, Params } from './database.ts';
import type { OutboxContent } from './outbox.ts';
import { rowName, type Sealed, type Vault } from './vault.ts';

const BATCH = 500;
type Row = Sealed & { readonly id: number; readonly sender: string; readonly jti: string };
type Side = 'inbox' | 'outbox';
const SIDES: readonly Side[] = ['inbox', 'outbox'];
/** In the table meta: up to which row a table has been looked through. */
const markOf = (side: Side): string => `filed-${side}`;

/** Blocks while it works: to be called when the store is opened, before anybody writes. */
export function fileOldMessages(database: Database, vault: Vault): void {
  for (const side of SIDES) {
    while (fileSome(database, vault, side));
  }
}

/** @returns whether there may be more */
function fileSome(database: Database, vault: Vault, side: Side): boolean {
  const from = lastFiled(database, side);
  if (from === undefined) return false;
  const rows = select(database, side).all({ from });
  const update = database.prepare<Params>(
    `UPDATE ${side} SET casefile = :casefile WHERE rowid = :id`,
  );
  database.exec('BEGIN IMMEDIATE');
  for (const row of rows) {
    const casefile = caseOf(vault, side, row);
    if (casefile !== undefined) update.run({ id: row.id, casefile });
  }
  const last = rows.length === BATCH ? String(rows.at(-1)?.id) : 'all';
  note(database, markOf(side), last);
  database.exec('COMMIT');
  return last !== 'all';
}

function lastFiled(database: Database, side: Side): number | undefined {
  const found = database
    .prepare<{ name: string }, { value: string }>('SELECT value FROM meta WHERE name = :name')
    .get({ name: markOf(side) })?.value;
  if (found === 'all') return undefined;
  return found === undefined ? 0 : Number(found);
}

function note(database: Database, name: string, value: string): void {
  database
    .prepare<Params>(
      'INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = :value',
    )
    .run({ name, value });
}

const select = (database: Database, side: Side) =>
  database.prepare<{ from: number }, Row>(`SELECT rowid AS id, jti, body, key,
    ${side === 'inbox' ? 'sender' : "'' AS sender"} FROM ${side}
    WHERE rowid > :from AND key <> '' ORDER BY rowid LIMIT ${BATCH}`);

function messageIn(vault: Vault, side: Side, { sender, jti, body, key }: Row): string {
  const name = side === 'inbox' ? rowName(side, sender, jti) : rowName(side, jti);
  const text = vault.open(name, { body, key }).toString();
  return side === 'inbox' ? text : (JSON.parse(text) as OutboxContent).jws;
}

/** One that does not open is left as it is: whoever opens it is told. */
function caseOf(vault: Vault, side: Side, row: Row): string | undefined {
  try {
    const zaak = member(claimsIn(messageIn(vault, side, row)), 'zaak');
    return typeof zaak === 'string' ? zaak : undefined;
  } catch {
    return undefined;
  }
}
