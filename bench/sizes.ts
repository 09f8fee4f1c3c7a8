/**
 * How many bytes each operation of the floor works on: texts are written out as the wire has them
 * and counted, so that no length is a guess. The ids in them are made up.
 */
import type { Case } from './cases.ts';
import type { Thing } from './operations.ts';

const OIN = 'urn:nld:oin:00000099000000010000';
const UUID = '01994b1e-5d0a-7c3f-8a21-3b7f0c9d2e11';
const HASH = 'A'.repeat(43);
const SECONDS = 1_790_000_000;

/** Characters of this many bytes in base64url without padding. */
export const encoded = (bytes: number): number => Math.ceil((bytes * 4) / 3);
const inJson = (value: unknown): number => JSON.stringify(value).length;
const header = (typ: string): number => encoded(inJson({ alg: 'PS256', typ, 'x5t#S256': HASH }));

export const SIGNATURE = { rsa: encoded(384), ec: encoded(64) } as const;

/** Bytes of a claims set around a body of the given length. */
const claims = (body: number, recipients: number): number =>
  inJson({
    ...{ iss: OIN, aud: Array(recipients).fill(OIN), jti: UUID, iat: SECONDS, exp: SECONDS },
    ...{ berichttype: 'verzoek-casusinformatie', versie: '1.0', conversatie: UUID },
    ...{ grondslag: 'wjsg-39f.1.f', prio: 'normaal', inhoud: {} },
  }) -
  2 +
  body;

const NOTE = {
  ...{ iss: OIN, aud: OIN, jti: UUID, iat: SECONDS },
  ...{ afzender: OIN, bericht: UUID, dig: HASH },
};

function receipt(fact: object): number {
  const events = { 'urn:nl:ketenpost:ontvangstbewijs:v1': fact };
  const outside = { iss: OIN, aud: OIN, jti: UUID, iat: SECONDS, txn: UUID };
  return header('secevent+jwt') + 1 + encoded(inJson({ ...outside, events }));
}

/** The length of what is signed or sealed, without what the operation adds to it. */
export function sizesOf({ profile, body, recipients }: Case): Record<Thing, number> {
  const message = header('ketenpost-bericht+jwt') + 1 + encoded(claims(body, recipients));
  const note = header('ketenpost-routenota+jwt') + 1 + encoded(inJson(NOTE));
  const signed = (bytes: number) => bytes + 1 + SIGNATURE[profile];
  const fact = { staat: 'afgeleverd', afzender: OIN, bericht: UUID, dig: HASH };
  return {
    message,
    submission: signed(message),
    'route note': note,
    delivery: signed(message) + signed(note) + inJson({ bericht: '', routenota: '' }),
    'receipt aanvaard': receipt({ ...fact, ontvangers: Array(recipients).fill(OIN) }),
    'receipt afgeleverd': receipt({ ...fact, ontvanger: OIN }),
  };
}
