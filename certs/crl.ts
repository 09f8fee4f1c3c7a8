/** Reads a certificate revocation list (RFC 5280 §5). Only a full list of one issuer is taken. */

import { Refusal } from '../schemas/refusal.ts';
import {
  children,
  context,
  type DerNode,
  expect,
  readDer,
  readSerial,
  readSmall,
  readTime,
  TAG,
} from './der.ts';
import { type Extension, readExtensions } from './extensions.ts';
import { fromPem } from './pem.ts';
import { OID } from './profile.ts';

export interface Crl {
  readonly der: Buffer;
  /** The issuer's name in DER. */
  readonly issuer: Buffer;
  /** Each next list of an issuer has a higher one; -1 when the list has none. */
  readonly number: bigint;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** The serial numbers on the list, in hex as Certificate.serial, with the time of revocation. */
  readonly revoked: ReadonlyMap<string, number>;
}

const REMOVE_FROM_CRL = 8;
const DELTA = '2.5.29.27';

/** @param file DER or PEM @throws Refusal malformed */
export function readCrl(file: Buffer): Crl {
  const der = file[0] === TAG.sequence ? file : fromPem(file.toString('latin1'), 'X509 CRL')[0];
  const [tbs, outer] = children(expect(readDer(der ?? Buffer.alloc(0)), TAG.sequence));
  const [version, inner, issuer, thisUpdate, nextUpdate, ...rest] = children(
    expect(tbs, TAG.sequence),
  );
  if (readSmall(version) !== 1) throw new Refusal('malformed', 'not a CRL of version 2');
  if (!expect(inner, TAG.sequence).whole.equals(expect(outer, TAG.sequence).whole)) {
    throw new Refusal('malformed', 'the CRL names two signature algorithms');
  }
  const extensions = readExtensions(rest.find((node) => node.tag === context(0)));
  checkScope(extensions);
  return {
    der: der ?? Buffer.alloc(0),
    issuer: expect(issuer, TAG.sequence).whole,
    number: readNumber(extensions),
    thisUpdate: readTime(thisUpdate),
    nextUpdate: readTime(nextUpdate),
    revoked: readEntries(rest.find((node) => node.tag === TAG.sequence)),
  };
}

/** Refuses a list of changes, a list for a part of the certificates, and what we do not understand. */
function checkScope(extensions: ReadonlyMap<string, Extension>): void {
  if (extensions.has(DELTA) || extensions.has(OID.issuingDistributionPoint)) {
    throw new Refusal('malformed', 'the CRL is for a part of the certificates only');
  }
  for (const [oid, { critical }] of extensions) {
    const known = oid === OID.crlNumber || oid === OID.authorityKeyIdentifier;
    if (critical && !known) throw new Refusal('malformed', 'the CRL has an unknown critical part');
  }
}

/** Of 20 octets at most (RFC 5280 §5.2.3). */
function readNumber(extensions: ReadonlyMap<string, Extension>): bigint {
  const extension = extensions.get(OID.crlNumber);
  if (extension === undefined) return -1n;
  const hex = readSerial(readDer(extension.value));
  if (hex.length > 40) throw new Refusal('malformed', 'the number of the CRL is too long');
  return BigInt(`0x${hex}`);
}

function readEntries(list: DerNode | undefined): Map<string, number> {
  const revoked = new Map<string, number>();
  for (const entry of list === undefined ? [] : children(list)) {
    const [serial, at, extensions] = children(expect(entry, TAG.sequence));
    if (extensions !== undefined) checkEntry(extensions);
    revoked.set(readSerial(serial), readTime(at));
  }
  return revoked;
}

function checkEntry(extensions: DerNode): void {
  // An entry's extensions stand bare, those of the list in [0]: one more layer for the same reader.
  const wrapped = { ...extensions, body: extensions.whole };
  for (const [oid, { critical, value }] of readExtensions(wrapped)) {
    const known = oid === OID.reasonCode || oid === OID.invalidityDate;
    if (critical && !known) throw new Refusal('malformed', 'an entry has an unknown critical part');
    const reason = oid === OID.reasonCode ? readSmall(readDer(value), TAG.enumerated) : 0;
    if (reason === REMOVE_FROM_CRL) throw new Refusal('malformed', 'an entry of a list of changes');
  }
}
