/** Who stated this, and did they sign it? Whether they may is for match to say. */
import type { Certificate } from '../../certs/certificate.ts';
import { digestOf } from '../../certs/digest.ts';
import { readJws, verify } from '../../certs/verify.ts';
import type { Feit, Ontvangstbewijs } from '../../schemas/generated/wire.ts';
import { type Digest, fromUrn, type Oin } from '../../schemas/ids.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';

export interface Authentic {
  readonly jws: string;
  readonly digest: Digest;
  readonly claims: Ontvangstbewijs;
  readonly fact: Feit;
  readonly issuer: Oin;
  readonly certificate: Certificate;
}

/** @throws Refusal as for any signed thing: malformed, schema-invalid, certificate-…, signature-invalid */
export async function authenticate(rooms: Rooms, jws: string): Promise<Authentic> {
  const { header, claims: said } = readJws(jws, TYP.receipt);
  const claims = checkWire('ontvangstbewijs', said);
  const issuer = fromUrn(claims.iss);
  const at = claims.iat * 1000;
  const certificate = await rooms.directory.certificate(issuer, 'authenticiteit', header.x5t, at);
  await verify(jws, TYP.receipt, () => certificate);
  // The router judged it at first receipt: what waited in a mailbox since does not expire there.
  const now = rooms.clock.now();
  rooms.trust.judge(certificate, { use: 'authenticiteit', at, now, seen: at });
  const fact = claims.events[RECEIPT_EVENT];
  return { jws, digest: digestOf(jws), claims, fact, issuer, certificate };
}
