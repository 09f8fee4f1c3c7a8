/**
 * Reads and verifies a compact JWS. Whether the certificate may be trusted is the caller's question
 * to the trust store; here only: do these bytes come from the holder of that key.
 */
import { compactVerify, errors } from 'jose';
import type { Thumbprint } from '../schemas/ids.ts';
import { readBase64url, readObject } from '../schemas/read.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { Certificate } from './certificate.ts';
import { LONGEST_JWS, readAlg, readHeader, readThumbprint, splitCompact } from './compact.ts';
import type { SignAlg } from './keys.ts';
import { fits } from './strength.ts';

export interface Jws {
  readonly header: { readonly alg: SignAlg; readonly x5t: Thumbprint };
  readonly claims: Record<string, unknown>;
}

const NAMES = ['alg', 'typ', 'x5t#S256'] as const;
export const SIGN_ALGS: readonly SignAlg[] = ['PS256', 'ES256'];

/**
 * Reads a JWS strictly and believes nothing in it.
 * @throws Refusal malformed, too-large or algorithm-not-allowed
 */
export function readJws(jws: string, typ: string): Jws {
  const [head = '', payload = '', signature = ''] = splitCompact(jws, 3, LONGEST_JWS);
  const header = readHeader(head, NAMES);
  const alg = readAlg(header, SIGN_ALGS);
  if (header['typ'] !== typ) throw new Refusal('malformed', `typ must be ${typ}`);
  readBase64url(signature);
  return {
    header: { alg, x5t: readThumbprint(header) },
    claims: readObject(readBase64url(payload)),
  };
}

/**
 * Verifies that the JWS was signed with the key of the certificate it names.
 * @param find gives the certificates that may be meant; what it does not know is refused
 * @throws Refusal malformed, too-large, algorithm-not-allowed, certificate-unknown or signature-invalid
 */
export async function verify(
  jws: string,
  typ: string,
  find: (x5t: Thumbprint) => Certificate | undefined,
): Promise<{ claims: Record<string, unknown>; certificate: Certificate }> {
  const { header, claims } = readJws(jws, typ);
  const certificate = find(header.x5t);
  if (certificate === undefined) throw new Refusal('certificate-unknown');
  await checkSignature(jws, header.alg, certificate);
  return { claims, certificate };
}

/**
 * Whether the key of the certificate made the signature; its kind decides what it can do, not the header.
 * @throws Refusal algorithm-not-allowed or signature-invalid
 */
export async function checkSignature(
  jws: string,
  alg: SignAlg,
  certificate: Pick<Certificate, 'publicKey'>,
): Promise<void> {
  if (!fits(certificate.publicKey, alg)) throw new Refusal('algorithm-not-allowed');
  if (!(await isSigned(jws, alg, certificate))) throw new Refusal('signature-invalid');
}

/** jose is the judge of signatures; what it could read in more than one way was refused above. */
async function isSigned(
  jws: string,
  alg: SignAlg,
  { publicKey }: Pick<Certificate, 'publicKey'>,
): Promise<boolean> {
  try {
    await compactVerify(jws, publicKey, { algorithms: [alg] });
    return true;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return false;
    throw error;
  }
}
