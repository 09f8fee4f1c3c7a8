/** Builds certificates: node-forge makes the structure, node:crypto makes the signature. */
import { constants, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Oin } from '../../schemas/ids.ts';
import { OID } from '../profile.ts';
import {
  type Asn1,
  bits,
  fromDer,
  integer,
  nothing,
  oid,
  printable,
  sequence,
  set,
  small,
  tagged,
  time,
  toDer,
  utf8,
} from './asn1.ts';

const SHA512 = '2.16.840.1.101.3.4.2.3';
const MGF1 = '1.2.840.113549.1.1.8';
const PSS = '1.2.840.113549.1.1.10';
const SALT = 64;

/** RSASSA-PSS with SHA-512, MGF1 with the same, salt of 64: how PKIoverheid G4 signs (RFC 4055). */
export const signatureAlgorithm = (): Asn1 => {
  const hash = () => sequence(oid(SHA512), nothing());
  const mask = sequence(oid(MGF1), hash());
  return sequence(oid(PSS), sequence(tagged(0, hash()), tagged(1, mask), tagged(2, small(SALT))));
};

const signBytes = promisify(sign);

/** Signs a to-be-signed certificate or CRL. @returns the whole in DER */
export async function signed(tbs: Asn1, key: KeyObject): Promise<Buffer> {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signature = await signBytes('sha512', toDer(tbs), { key, padding, saltLength: SALT });
  return toDer(sequence(tbs, signatureAlgorithm(), bits(signature)));
}

export interface Subject {
  readonly organization: string;
  readonly commonName: string;
  readonly organizationIdentifier?: string;
  readonly oin?: Oin;
}

/** A distinguished name in the order of PKIoverheid. */
export function nameOf(subject: Subject): Asn1 {
  const part = (type: string, value: Asn1) => set(sequence(oid(type), value));
  const { organizationIdentifier, oin } = subject;
  return sequence(
    part(OID.country, printable('NL')),
    part(OID.organization, utf8(subject.organization)),
    ...(organizationIdentifier === undefined
      ? []
      : [part(OID.organizationIdentifier, utf8(organizationIdentifier))]),
    part(OID.commonName, utf8(subject.commonName)),
    ...(oin === undefined ? [] : [part(OID.serialNumber, printable(oin))]),
  );
}

export interface CertificateSpec {
  /** Hex of the serial number, 20 octets, the first bit 0. */
  readonly serial: string;
  readonly subject: Subject;
  /** The issuer's subject in DER, so that the names are equal to the byte. */
  readonly issuer: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Asn1[];
}

/** @returns the certificate in DER */
export function buildCertificate(spec: CertificateSpec, issuerKey: KeyObject): Promise<Buffer> {
  const tbs = sequence(
    tagged(0, small(2)),
    integer(spec.serial),
    signatureAlgorithm(),
    fromDer(spec.issuer),
    sequence(time(spec.notBefore), time(spec.notAfter)),
    nameOf(spec.subject),
    fromDer(spec.publicKey.export({ type: 'spki', format: 'der' })),
    tagged(3, sequence(...spec.extensions)),
  );
  return signed(tbs, issuerKey);
}
