/** The extensions of a certificate, each from the values it carries (RFC 5280 §4.2). */
import { createHash, type KeyObject } from 'node:crypto';
import { children, readBits, readDer } from '../der.ts';
import { KEY_USAGES, type KeyUsage, OID } from '../profile.ts';
import {
  type Asn1,
  bits,
  octets,
  oid,
  sequence,
  small,
  tagged,
  taggedBytes,
  toDer,
  yes,
} from './asn1.ts';

/** One extension: its OID, whether it is critical, and the DER inside. */
export function extension(id: string, critical: boolean, value: Asn1): Asn1 {
  const inner = octets(toDer(value));
  return critical ? sequence(oid(id), yes(), inner) : sequence(oid(id), inner);
}

/** What a key is called in SKI and AKI: SHA-1 over the key's bits (RFC 5280 §4.2.1.2, method 1). */
function keyIdentifier(key: KeyObject): Buffer {
  const [, subjectPublicKey] = children(readDer(key.export({ type: 'spki', format: 'der' })));
  return createHash('sha1').update(readBits(subjectPublicKey)).digest();
}

export const subjectKeyIdentifier = (key: KeyObject): Asn1 =>
  extension(OID.subjectKeyIdentifier, false, octets(keyIdentifier(key)));

export const authorityKeyIdentifier = (key: KeyObject): Asn1 =>
  extension(OID.authorityKeyIdentifier, false, sequence(taggedBytes(0, keyIdentifier(key))));

export function keyUsage(usages: readonly KeyUsage[]): Asn1 {
  const set = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const byte = set.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return extension(OID.keyUsage, true, bits(Buffer.of(byte), 7 - Math.max(...set)));
}

export const extendedKeyUsage = (purposes: readonly string[]): Asn1 =>
  extension(OID.extendedKeyUsage, false, sequence(...purposes.map(oid)));

export const certificatePolicies = (policies: readonly string[]): Asn1 =>
  extension(
    OID.certificatePolicies,
    false,
    sequence(...policies.map((policy) => sequence(oid(policy)))),
  );

export const leafConstraints = (): Asn1 => extension(OID.basicConstraints, true, sequence());

export const caConstraints = (pathLength: number): Asn1 =>
  extension(OID.basicConstraints, true, sequence(yes(), small(pathLength)));

export const crlDistributionPoint = (url: string): Asn1 =>
  extension(
    OID.crlDistributionPoints,
    false,
    sequence(sequence(tagged(0, tagged(0, taggedBytes(6, Buffer.from(url)))))),
  );

export const dnsNames = (hosts: readonly string[]): Asn1 =>
  extension(
    OID.subjectAltName,
    false,
    sequence(...hosts.map((host) => taggedBytes(2, Buffer.from(host)))),
  );
