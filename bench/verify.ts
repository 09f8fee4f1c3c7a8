/** Counts, after all is over, that every message arrived exactly once with everybody it was for. */
import Libsql from 'libsql';

export interface Verified {
  readonly sent: number;
  /** Copies that lie in the inbox of their recipient exactly once, with exactly one receipt at the sender. */
  readonly arrived: number;
  /** Copies that lie nowhere. */
  readonly missing: number;
  /** Copies that lie somewhere more than once, or have more receipts than one. */
  readonly twice: number;
  /** Messages that their adapter had to offer more than once. */
  readonly offeredAgain: number;
}

export interface Ends {
  /** Paths of the stores. */
  readonly sender: string;
  readonly recipients: readonly string[];
}

export function verifyArrival(sent: ReadonlySet<string>, ends: Ends): Verified {
  const receipts = countByMessage(
    ends.sender,
    "SELECT message AS id FROM receipts WHERE state = 'afgeleverd'",
  );
  const inboxes = ends.recipients.map((store) =>
    countByMessage(store, 'SELECT jti AS id FROM inbox'),
  );
  const again = countByMessage(ends.sender, 'SELECT jti AS id FROM outbox WHERE attempts > 1');
  let [arrived, missing, twice] = [0, 0, 0];
  for (const id of sent) {
    const copies = inboxes.map((inbox) => inbox.get(id) ?? 0);
    const once = (receipts.get(id) ?? 0) === inboxes.length;
    arrived += copies.filter((count) => count === 1 && once).length;
    missing += copies.filter((count) => count === 0).length;
    twice += copies.filter((count) => count > 1 || (count === 1 && !once)).length;
  }
  const offeredAgain = [...again.keys()].filter((id) => sent.has(id)).length;
  return { sent: sent.size, arrived, missing, twice, offeredAgain };
}

function countByMessage(store: string, sql: string): Map<string, number> {
  const database = new Libsql(store, { readonly: true });
  const counts = new Map<string, number>();
  for (const { id } of database.prepare(sql).all() as { id: string }[]) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  database.close();
  return counts;
}
