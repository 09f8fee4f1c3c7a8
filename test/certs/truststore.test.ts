import { generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Asn1, octets, oid, sequence, toDer, yes } from '../../certs/authority/asn1.ts';
import { buildCertificate, nameOf } from '../../certs/authority/build.ts';
import {
  certificatePolicies,
  dnsNames,
  extendedKeyUsage,
  extension,
  keyUsage,
} from '../../certs/authority/extensions.ts';
import {
  DAY,
  generateKeys,
  type LeafSpec,
  leafExtensions,
  leafSubject,
  makeIssuer,
  makeLeaf,
  newSerial,
} from '../../certs/authority/issuers.ts';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import { toPem } from '../../certs/pem.ts';
import { OID, PROFILE, USES, type Use } from '../../certs/profile.ts';
import { TrustStore } from '../../certs/truststore.ts';
import { keyFromPool } from '../town/key-pool.ts';
import { openOffice, POLICE, temporaryFolder } from './office.ts';
import { refusedWith, told } from './refused.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const clock = { now: () => NOW };
const CRL = 'http://crl.ketenpost.invalid';
const office = await openOffice({ clock });
const issuer = office.issuer('issuing');
const store = await TrustStore.load(office.trust, { clock });
const keys = await generateKeys('ec');
const rsaKeys = await keyFromPool('rsa');

const leaf: LeafSpec = {
  oin: POLICE,
  name: 'Politie eenheid Voorbeeld',
  use: 'authenticiteit',
  publicKey: keys.publicKey,
  hosts: [],
  notBefore: NOW - DAY,
  notAfter: NOW + 100 * DAY,
};
const make = async (change: Partial<LeafSpec> = {}, extensions?: Asn1[]): Promise<Certificate> =>
  readCertificate(await makeLeaf({ ...leaf, ...change }, issuer, CRL, extensions));
const judge = (certificate: Certificate, change: { use?: Use; at?: number; now?: number } = {}) =>
  store.judge(certificate, { use: 'authenticiteit', at: NOW, now: NOW, ...change });
const codeOf = (certificate: Certificate, change = {}) =>
  refusedWith(() => judge(certificate, change));
/** The extensions of a good leaf, with one in the place of its namesake or added to them. */
const withExtension = (replaced: string, node: Asn1): Asn1[] => [
  ...leafExtensions(leaf, issuer, CRL).filter((one) => !toDer(one).includes(toDer(oid(replaced)))),
  node,
];

test('a certificate of the issuer is good for its own use, and for no other', async () => {
  for (const use of USES) {
    for (const kind of ['ec', 'rsa'] as const) {
      const { certificate } = await office.issue({ oin: POLICE, name: 'Politie', use, key: kind });
      judge(certificate, { use });
      for (const other of USES.filter((one) => one !== use)) {
        assert.is(await codeOf(certificate, { use: other }), 'certificate-unsuitable');
      }
    }
  }
});

test('it must have been in force when it was used and when it was seen', async () => {
  const certificate = await make();
  judge(certificate, { at: leaf.notBefore });
  judge(certificate, { at: leaf.notAfter });
  assert.is(await codeOf(certificate, { at: leaf.notBefore - 1000 }), 'certificate-expired');
  const expired = await make({ notBefore: NOW - 9 * DAY, notAfter: NOW - DAY });
  assert.is(await codeOf(expired, { at: NOW - 2 * DAY }), 'certificate-expired');
  const future = await make({ notBefore: NOW + DAY });
  assert.is(await codeOf(future), 'certificate-expired');
});

test('a stranger who signs himself, under the true name of an agency or an issuer, is not trusted', async () => {
  const spec = {
    serial: newSerial(),
    subject: leafSubject(leaf),
    publicKey: keys.publicKey,
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
    extensions: leafExtensions(leaf, issuer, CRL),
  };
  const names = [toDer(nameOf(spec.subject)), issuer.certificate.subject];
  for (const name of names) {
    const der = await buildCertificate({ ...spec, issuer: name }, rsaKeys.privateKey);
    assert.is(await codeOf(readCertificate(der)), 'certificate-untrusted');
  }
});

test('another authority with the same names is not trusted, nor is an issuer above the pinned one', async () => {
  const other = await openOffice({ clock });
  const { certificate } = await other.issue({
    oin: POLICE,
    name: 'Politie',
    use: 'tls',
    key: 'ec',
  });
  assert.is(await codeOf(certificate, { use: 'tls' }), 'certificate-untrusted');
  const above = await makeLeaf(leaf, office.issuer('domain'), CRL);
  assert.is(await codeOf(readCertificate(above)), 'certificate-untrusted');
  assert.is(await codeOf(issuer.certificate), 'certificate-untrusted');
});

test('a leaf cannot issue', async () => {
  const parent = { ...issuer, certificate: await make(), keys: rsaKeys };
  const child = readCertificate(await makeLeaf(leaf, parent, CRL));
  assert.is(await codeOf(child), 'certificate-untrusted');
});

test('a critical extension that we do not know forbids all use', async () => {
  const strange = extension('1.2.3.4.5', true, octets(Buffer.from('x')));
  const constraints = extension('2.5.29.30', true, sequence());
  for (const node of [strange, constraints]) {
    const certificate = await make({}, [...leafExtensions(leaf, issuer, CRL), node]);
    assert.is(await codeOf(certificate), 'certificate-unsuitable');
  }
  judge(
    await make({}, [
      ...leafExtensions(leaf, issuer, CRL),
      extension('1.2.3.4.5', false, octets(Buffer.from('x'))),
    ]),
  );
});

test('key usage, purpose and policy must all fit', async () => {
  const wrong = [
    withExtension(OID.keyUsage, keyUsage(['nonRepudiation'])),
    withExtension(OID.keyUsage, keyUsage(['digitalSignature', 'keyCertSign'])),
    withExtension(OID.keyUsage, keyUsage(['digitalSignature', 'keyEncipherment'])),
    withExtension(OID.extendedKeyUsage, extendedKeyUsage([OID.clientAuth])),
    withExtension(OID.certificatePolicies, certificatePolicies(['2.16.528.1.1003.1.2.41.16.25.7'])),
    withExtension(OID.keyUsage, dnsNames(['localhost'])),
    withExtension(OID.basicConstraints, extension(OID.basicConstraints, true, sequence(yes()))),
  ];
  for (const extensions of wrong) {
    assert.is(await codeOf(await make({}, extensions)), 'certificate-unsuitable');
  }
  judge(
    await make({}, withExtension(OID.keyUsage, keyUsage(['digitalSignature', 'nonRepudiation']))),
  );
});

test('a subject without an OIN names no agency', async () => {
  for (const oin of ['0123', '99999999000000010000', `${POLICE} `]) {
    assert.is(await codeOf(await make({ oin: oin as never })), 'certificate-unsuitable');
  }
});

test('keys that are too weak are refused', async () => {
  const generate = promisify(generateKeyPair);
  const weak: KeyObject[] = [
    (await generate('rsa', { modulusLength: 1024 })).publicKey,
    (await generate('rsa', { modulusLength: 2048, publicExponent: 3 })).publicKey,
    (await generate('ec', { namedCurve: 'secp384r1' })).publicKey,
    (await generate('ed25519')).publicKey,
  ];
  for (const publicKey of weak) {
    assert.is(await codeOf(await make({ publicKey })), 'certificate-unsuitable');
  }
});

test('revoked is refused, for good, also when the list has grown old since', async () => {
  const { certificate } = await office.issue({
    oin: POLICE,
    name: 'Politie',
    use: 'tls',
    key: 'ec',
  });
  judge(certificate, { use: 'tls' });
  await office.revoke(certificate.x5t, 'keyCompromise');
  await store.revocations.refresh();
  assert.is(await codeOf(certificate, { use: 'tls' }), 'certificate-revoked');
  const later = { use: 'tls' as const, now: NOW + 9 * DAY };
  assert.is(await codeOf(certificate, later), 'certificate-revoked');
});

test('a revoked issuer takes its leaves with it', async () => {
  const fallen = await openOffice({ clock });
  const { certificate } = await fallen.issue({ oin: POLICE, name: 'P', use: 'tls', key: 'ec' });
  await fallen.revoke(fallen.issuer('issuing').certificate.serial, 'keyCompromise');
  const judging = await TrustStore.load(fallen.trust, { clock });
  const question = { use: 'tls', at: NOW, now: NOW } as const;
  const refused = () => judging.judge(certificate, question);
  assert.is(await refusedWith(refused), 'certificate-revoked');
});

test('an old list leaves the question open, and so does none', async () => {
  const certificate = await make();
  const hour = 3_600_000;
  judge(certificate, { now: NOW + 4 * hour });
  const late = await codeOf(certificate, { now: NOW + 4 * hour + 1 });
  assert.is(late, 'revocation-unknown');
  const none = await TrustStore.load({ ...office.trust, crls: ['/nowhere/at.crl'] }, { clock });
  const question = { use: 'authenticiteit', at: NOW, now: NOW } as const;
  assert.is(await refusedWith(() => none.judge(certificate, question)), 'revocation-unknown');
  const [rootCrl = '', , issuingCrl = ''] = office.trust.crls;
  const hole = await TrustStore.load({ ...office.trust, crls: [rootCrl, issuingCrl] }, { clock });
  assert.is(await refusedWith(() => hole.judge(certificate, question)), 'revocation-unknown');
});

test('pins that cannot be built on are told at loading', async () => {
  const folder = temporaryFolder();
  const fails = (trust: object) =>
    told(() => TrustStore.load({ ...office.trust, ...trust }, { clock }));
  const pem = (name: string, certificate: Certificate): string => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), toPem(certificate.der, 'CERTIFICATE'));
    return join(folder, name);
  };
  const [domain = '', issuing = ''] = office.trust.issuers;
  assert.match(await fails({ roots: [domain] }), 'is not issued by');
  assert.match(await fails({ issuers: [issuing] }), 'is not issued by');
  assert.match(await fails({ issuers: [domain] }), 'path length 0');
  assert.match(await fails({ roots: ['/nowhere.pem'] }), '/nowhere.pem holds no certificate');
  assert.match(await fails({ roots: [office.trust.crls[0]] }), 'holds no certificate');
  assert.match(await fails({ issuers: [pem('leaf.pem', await make())] }), 'path length 0');
  const deep = await makeIssuer('issuing', rsaKeys, issuer, CRL, NOW);
  const below = [domain, issuing, pem('deep.pem', deep.certificate)];
  assert.match(await fails({ issuers: below }), 'may not have so many issuers below it');
});

test('a file may hold several pins, and relative paths start from the base', async () => {
  const both = office.trust.issuers.map((file) => readFileSync(file, 'utf8')).join('\n');
  writeFileSync(join(office.dir, 'both.pem'), both);
  const trust = {
    roots: ['trust/root.pem'],
    issuers: ['both.pem'],
    crls: ['crl/root.crl', 'crl/domain.crl', 'crl/issuing.crl'],
  };
  const relative = await TrustStore.load(trust, { clock, base: office.dir });
  relative.judge(await make(), { use: 'authenticiteit', at: NOW, now: NOW });
  assert.equal(PROFILE.tls.policies[0], '2.16.528.1.1003.1.2.41.15.35.11');
});

test.run();
