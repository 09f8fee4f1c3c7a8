/** The three layers of the authority, and how a certificate of each is made. */
import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Oin } from '../../schemas/ids.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import { PROFILE, USES, type Use } from '../profile.ts';
import { kindOf } from '../strength.ts';
import { type Asn1, toDer } from './asn1.ts';
import { buildCertificate, nameOf, type Subject } from './build.ts';
import {
  authorityKeyIdentifier,
  caConstraints,
  certificatePolicies,
  crlDistributionPoint,
  dnsNames,
  extendedKeyUsage,
  keyUsage,
  leafConstraints,
  subjectKeyIdentifier,
} from './extensions.ts';

export const LAYERS = ['root', 'domain', 'issuing'] as const;
export type Layer = (typeof LAYERS)[number];

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Issuer {
  readonly layer: Layer;
  readonly certificate: Certificate;
  readonly keys: KeyPair;
}

export const DAY = 86_400_000;
/** What is issued is valid from a little earlier, for clocks that are behind. */
export const BACKDATE = 300_000;

const LAYER: Readonly<Record<Layer, { name: string; years: number; pathLength: number }>> = {
  root: { name: 'G4 Root', years: 15, pathLength: 2 },
  domain: { name: 'G4 Domain', years: 12, pathLength: 1 },
  issuing: { name: 'G4 Issuing', years: 10, pathLength: 0 },
};

const generate = promisify(generateKeyPair);

/** Asynchronous on purpose: Node 20 can lock up on synchronous generation. */
export const generateKeys = (kind: 'rsa' | 'ec'): Promise<KeyPair> =>
  kind === 'rsa'
    ? generate('rsa', { modulusLength: 3072 })
    : generate('ec', { namedCurve: 'prime256v1' });

/** 20 octets, positive, the first never zero: so that they are always 20. */
export function newSerial(): string {
  const bytes = randomBytes(20);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes.toString('hex');
}

const ORGANIZATION = 'TRIAL Ketenpost - not for Production use';

/** Makes a CA certificate, signed by the layer above, or by itself. */
export async function makeIssuer(
  layer: Layer,
  keys: KeyPair,
  above: Issuer | undefined,
  crlBase: string,
  now: number,
): Promise<Issuer> {
  const { name, years, pathLength } = LAYER[layer];
  const subject = { organization: ORGANIZATION, commonName: `TRIAL Ketenpost - ${name}` };
  const extensions = [
    caConstraints(pathLength),
    keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign']),
    subjectKeyIdentifier(keys.publicKey),
    authorityKeyIdentifier((above?.keys ?? keys).publicKey),
    ...(above === undefined ? [] : limitsOf(above, crlBase)),
  ];
  const spec = {
    serial: newSerial(),
    subject,
    extensions,
    publicKey: keys.publicKey,
    issuer: above?.certificate.subject ?? toDer(nameOf(subject)),
    notBefore: now - BACKDATE,
    notAfter: now + years * 365 * DAY,
  };
  const der = await buildCertificate(spec, (above?.keys ?? keys).privateKey);
  return { layer, keys, certificate: readCertificate(der) };
}

/** What a layer below the root may issue: the uses of an agency, under trial policies only. */
const limitsOf = (above: Issuer, crlBase: string): Asn1[] => [
  certificatePolicies(USES.flatMap((use) => PROFILE[use].policies.slice(0, 1))),
  extendedKeyUsage([...new Set(USES.flatMap((use) => PROFILE[use].issuedPurposes))]),
  crlDistributionPoint(crlUrl(above.layer, crlBase)),
];

const crlUrl = (layer: Layer, crlBase: string): string => `${crlBase}/${layer}.crl`;

export interface LeafSpec {
  readonly oin: Oin;
  readonly name: string;
  readonly use: Use;
  readonly publicKey: KeyObject;
  readonly hosts: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The extensions of a leaf, by the profile of its use. */
export function leafExtensions(leaf: LeafSpec, issuer: Issuer, crlBase: string): Asn1[] {
  const profile = PROFILE[leaf.use];
  const kind = kindOf(leaf.publicKey) ?? 'rsa';
  const usages = [...profile.keyUsage[kind]];
  if (leaf.use === 'tls' && kind === 'rsa') usages.push('keyEncipherment');
  return [
    leafConstraints(),
    keyUsage(usages),
    extendedKeyUsage(profile.issuedPurposes),
    certificatePolicies(profile.policies.slice(0, 1)),
    subjectKeyIdentifier(leaf.publicKey),
    authorityKeyIdentifier(issuer.keys.publicKey),
    crlDistributionPoint(crlUrl(issuer.layer, crlBase)),
    ...(leaf.use === 'tls' && leaf.hosts.length > 0 ? [dnsNames(leaf.hosts)] : []),
  ];
}

const trial = (name: string): string =>
  (name.startsWith('TRIAL ') ? name : `TRIAL ${name}`).slice(0, 64);

/** The subject of an agency: a KvK number is made up from the digits of its OIN. */
export const leafSubject = ({ name, oin }: LeafSpec): Subject => ({
  organization: trial(name),
  commonName: trial(name),
  organizationIdentifier: `NTRNL-${oin.slice(9, 17)}`,
  oin,
});

/** @param extensions instead of those of the profile, for tests of what must be refused */
export async function makeLeaf(
  leaf: LeafSpec,
  issuer: Issuer,
  crlBase: string,
  extensions: readonly Asn1[] = leafExtensions(leaf, issuer, crlBase),
): Promise<Buffer> {
  const { publicKey, notBefore, notAfter } = leaf;
  const spec = { publicKey, notBefore, notAfter, extensions, serial: newSerial() };
  const names = { subject: leafSubject(leaf), issuer: issuer.certificate.subject };
  return buildCertificate({ ...spec, ...names }, issuer.keys.privateKey);
}
