/**
 * A certificate as it was read once: what it says of itself, in types. Reading believes nothing;
 * whether to trust it is for the trust store to judge.
 */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { type Oin, PATTERNS, type Thumbprint } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import {
  children,
  context,
  type DerNode,
  expect,
  readBits,
  readDer,
  readOid,
  readSerial,
  readSmall,
  readText,
  readTime,
  TAG,
} from './der.ts';
import { digestOf } from './digest.ts';
import { readExtensions, readUses } from './extensions.ts';
import { type KeyUsage, OID } from './profile.ts';

export type { Use } from './profile.ts';

export interface Certificate {
  readonly der: Buffer;
  /** SHA-256 of the DER: how the certificate is named in a JOSE header. */
  readonly x5t: Thumbprint;
  /** In lower-case hex without leading zeros. */
  readonly serial: string;
  /** subject.serialNumber, when that is an OIN and stands there once. */
  readonly oin: Oin | undefined;
  /** subject.commonName. */
  readonly name: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  readonly x509: X509Certificate;
  /** The names in DER, which is how issuer and subject are compared. */
  readonly subject: Buffer;
  readonly issuer: Buffer;
  /** The AlgorithmIdentifier that the issuer signed with. */
  readonly signedWith: DerNode;
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly string[];
  readonly policies: readonly string[];
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  /** Critical extensions that Ketenpost does not understand, and that therefore forbid all use. */
  readonly unknownCritical: readonly string[];
}

const LONGEST = 16_384;

/**
 * Reads a certificate in DER, or the first one of a PEM text.
 * @throws Refusal malformed
 */
export function readCertificate(pemOrDer: string | Uint8Array): Certificate {
  if (pemOrDer.length > LONGEST * 8) throw new Refusal('malformed', 'the certificate is too long');
  const x509 = parseX509(pemOrDer);
  const der = x509.raw;
  if (der.length > LONGEST) throw new Refusal('malformed', 'the certificate is too long');
  const [tbs, signedWith, signature] = children(expect(readDer(der), TAG.sequence));
  readBits(signature);
  return {
    der,
    x509,
    x5t: digestOf(der) as string as Thumbprint,
    publicKey: readPublicKey(x509),
    signedWith: expect(signedWith, TAG.sequence),
    ...readTbs(children(expect(tbs, TAG.sequence)), expect(signedWith, TAG.sequence)),
  };
}

function parseX509(input: string | Uint8Array): X509Certificate {
  try {
    const x509 = new X509Certificate(input);
    // OpenSSL ignores what follows the certificate; two readers must not see two things.
    const isDer = typeof input !== 'string' && input[0] === TAG.sequence;
    if (!isDer || x509.raw.equals(input)) return x509;
  } catch {
    // Said below, without OpenSSL's words.
  }
  throw new Refusal('malformed', 'not an X.509 certificate');
}

function readPublicKey(x509: X509Certificate): KeyObject {
  try {
    return x509.publicKey;
  } catch {
    throw new Refusal('malformed', 'the key of the certificate cannot be read');
  }
}

function readTbs(fields: DerNode[], signedWith: DerNode) {
  const [version, serial, inner, issuer, validity, subject, , ...rest] = fields;
  if (version?.tag !== context(0) || readSmall(children(version)[0]) !== 2) {
    throw new Refusal('malformed', 'not a certificate of version 3');
  }
  if (!expect(inner, TAG.sequence).whole.equals(signedWith.whole)) {
    throw new Refusal('malformed', 'the certificate names two signature algorithms');
  }
  const [notBefore, notAfter] = children(expect(validity, TAG.sequence));
  const names = readName(expect(subject, TAG.sequence));
  return {
    serial: readSerial(serial),
    issuer: expect(issuer, TAG.sequence).whole,
    subject: expect(subject, TAG.sequence).whole,
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    name: names.get(OID.commonName)?.[0] ?? '',
    oin: readOin(names.get(OID.serialNumber) ?? []),
    ...readUses(readExtensions(rest.find((field) => field.tag === context(3)))),
  };
}

/** Every attribute of a distinguished name, by OID. */
function readName(name: DerNode): Map<string, (string | undefined)[]> {
  const found = new Map<string, (string | undefined)[]>();
  for (const attribute of children(name).flatMap(children)) {
    const [type, value] = children(attribute);
    const text = value === undefined ? undefined : readText(value);
    const oid = readOid(type);
    found.set(oid, [...(found.get(oid) ?? []), text]);
  }
  return found;
}

const OIN = new RegExp(PATTERNS.oin);
const readOin = ([value, ...more]: (string | undefined)[]): Oin | undefined =>
  value !== undefined && more.length === 0 && OIN.test(value) ? (value as Oin) : undefined;
