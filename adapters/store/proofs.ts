/**
 * What a signature rested on when it was verified: the issuers above the certificate, the revocation
 * lists of that moment, and the sender's entry in the register with the registrar's certificate. Each
 * is kept once, however many messages rest on it, for as long as the store: certificates end after a
 * year or three, files are kept for twenty.
 */
import { digestOf } from '../../certs/digest.ts';
import type { Grounds } from '../../certs/grounds.ts';
import type { Database, Params } from './database.ts';

const KINDS = ['issuer', 'list', 'entry', 'registrar'] as const;
type Kind = (typeof KINDS)[number];
type Id = { readonly sender: string; readonly message: string };
type Kept = { readonly kind: Kind; readonly der: Uint8Array };

const statements = (database: Database) => ({
  keep: database.prepare<Params>(
    'INSERT INTO proofs (digest, kind, der) VALUES (:digest, :kind, :der) ON CONFLICT DO NOTHING',
  ),
  has: database.prepare<{ digest: string }, { one: number }>(
    'SELECT 1 AS one FROM proofs WHERE digest = :digest',
  ),
  rest: database.prepare<Params>(`INSERT INTO rests (sender, message, place, digest)
    VALUES (:sender, :message, :place, :digest) ON CONFLICT DO NOTHING`),
  of: database.prepare<Id, Kept>(`SELECT kind, der FROM rests JOIN proofs USING (digest)
    WHERE sender = :sender AND message = :message ORDER BY place`),
  lists: database.prepare<Record<never, never>, { der: Uint8Array }>(`SELECT der FROM proofs
    WHERE kind = 'list' AND digest IN (SELECT digest FROM rests JOIN
      (SELECT sender, jti AS message FROM inbox ORDER BY received DESC LIMIT 20)
      USING (sender, message))`),
});

export class Proofs {
  readonly #sql: ReturnType<typeof statements>;
  /** Lists may be large, and the same buffers come with every message: each is hashed once. */
  readonly #digests = new WeakMap<Buffer, string>();

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  /** To be called inside `store.write`. */
  keep(sender: string, message: string, { issuers, lists, entry, registrar }: Grounds): void {
    const all: readonly (readonly [Kind, Buffer])[] = [
      ...issuers.map((der) => ['issuer', der] as const),
      ...lists.map((der) => ['list', der] as const),
      ...(entry === undefined ? [] : [['entry', Buffer.from(entry)] as const]),
      ...(registrar === undefined ? [] : [['registrar', registrar] as const]),
    ];
    for (const [place, [kind, der]] of all.entries()) {
      const digest = this.#digest(der);
      if (this.#sql.has.get({ digest }) === undefined) this.#sql.keep.run({ digest, kind, der });
      this.#sql.rest.run({ sender, message, place, digest });
    }
  }

  #digest(der: Buffer): string {
    const known = this.#digests.get(der);
    if (known !== undefined) return known;
    const digest = digestOf(der);
    this.#digests.set(der, digest);
    return digest;
  }

  /** The revocation lists that the last messages rested on, in DER. */
  lastLists(): Buffer[] {
    return this.#sql.lists.all({}).map(({ der }) => Buffer.from(der));
  }

  /** What a message rested on; nothing of one that came before this was kept. */
  of(sender: string, message: string): Grounds | undefined {
    const rows = this.#sql.of.all({ sender, message });
    const all = (kind: Kind) =>
      rows.filter((row) => row.kind === kind).map(({ der }) => Buffer.from(der));
    if (rows.length === 0) return undefined;
    const [entry] = all('entry');
    const [registrar] = all('registrar');
    return {
      issuers: all('issuer'),
      lists: all('list'),
      ...(entry && { entry: entry.toString('utf8') }),
      ...(registrar && { registrar }),
    };
  }
}
