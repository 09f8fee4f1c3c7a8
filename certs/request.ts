/** A request for a certificate (PKCS#10, RFC 2986), as a PKIoverheid supplier wants it. */
import { type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Asn1,
  bits,
  fromDer,
  nothing,
  oid,
  sequence,
  set,
  small,
  tagged,
  toDer,
} from './authority/asn1.ts';
import { dnsNames, extendedKeyUsage, keyUsage } from './authority/extensions.ts';
import type { KeyPair } from './authority/issuers.ts';
import type { Certificate } from './certificate.ts';
import { PROFILE, type Use } from './profile.ts';
import { kindOf } from './strength.ts';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

const signBytes = promisify(sign);

/**
 * Asks for a certificate for a new key, for the same subject, use and hosts as one that is there.
 * What the supplier writes in the end is his to decide.
 * @returns DER
 */
export async function requestFor(old: Certificate, use: Use, keys: KeyPair): Promise<Buffer> {
  const kind = kindOf(keys.publicKey) ?? 'rsa';
  const extensions = [
    keyUsage(PROFILE[use].keyUsage[kind]),
    extendedKeyUsage(PROFILE[use].issuedPurposes),
    ...(use === 'tls' ? [dnsNames(hostsOf(old))] : []),
  ];
  const info = sequence(
    small(0),
    fromDer(old.subject),
    fromDer(keys.publicKey.export({ type: 'spki', format: 'der' })),
    tagged(0, sequence(oid(EXTENSION_REQUEST), set(sequence(...extensions)))),
  );
  const signature = await signBytes('sha256', toDer(info), keys.privateKey as KeyObject);
  return toDer(sequence(info, algorithm(kind), bits(signature)));
}

const algorithm = (kind: 'rsa' | 'ec'): Asn1 =>
  kind === 'rsa' ? sequence(oid(SHA256_WITH_RSA), nothing()) : sequence(oid(ECDSA_WITH_SHA256));

/** The DNS names of a TLS certificate. */
export const hostsOf = ({ x509 }: Certificate): string[] =>
  (x509.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice('DNS:'.length));
