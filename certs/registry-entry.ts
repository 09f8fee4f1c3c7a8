/** An agency's entry in the register: signed by a registrar that is pinned, read by router and adapters alike. */
import type { Registratie } from '../schemas/generated/wire.ts';
import { fromUrn, parseOinUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';
import { checkWire } from '../schemas/validate.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { verify } from './verify.ts';

/**
 * @param registrar the pinned certificates of the registrar, current and previous
 * @throws Refusal as verify does, schema-invalid, or issuer-mismatch and malformed when the entry does
 *   not agree with itself
 */
export async function readRegistration(
  jws: string,
  registrar: readonly Certificate[],
): Promise<Registratie> {
  const find = (x5t: string) => registrar.find((certificate) => certificate.x5t === x5t);
  const { claims, certificate } = await verify(jws, TYP.registration, find);
  const entry = checkWire('registratie', claims);
  if (fromUrn(parseOinUrn(entry.iss)) !== certificate.oin) throw new Refusal('issuer-mismatch');
  for (const { der, x5t } of entry.certificaten) {
    const listed = readCertificate(Buffer.from(der, 'base64'));
    if (listed.x5t !== x5t || listed.oin !== entry.oin) {
      throw new Refusal('malformed', 'a certificate of the entry is not the one it is said to be');
    }
  }
  return entry;
}
