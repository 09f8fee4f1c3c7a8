/**
 * The ways in which a certificate or a revocation list can be wrong, one test each. What they have in
 * common is at the top: an authority, a trust store that knows it, and a leaf in which one thing is odd.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Asn1,
  fromDer,
  integer,
  octets,
  oid,
  sequence,
  small,
  tagged,
  taggedBytes,
  time,
  toDer,
} from '../../certs/authority/asn1.ts';
import { signatureAlgorithm, signed } from '../../certs/authority/build.ts';
import {
  caConstraints,
  certificatePolicies,
  extension,
  keyUsage,
} from '../../certs/authority/extensions.ts';
import {
  DAY,
  generateKeys,
  type Issuer,
  type LeafSpec,
  leafExtensions,
  makeIssuer,
  makeLeaf,
} from '../../certs/authority/issuers.ts';
import { writeWhole } from '../../certs/authority/store.ts';
import { type Certificate, readCertificate, type Use } from '../../certs/certificate.ts';
import { signingKey } from '../../certs/handles.ts';
import { toPem } from '../../certs/pem.ts';
import { OID } from '../../certs/profile.ts';
import { readRegistration } from '../../certs/registry-entry.ts';
import { sign } from '../../certs/sign.ts';
import { TrustStore } from '../../certs/truststore.ts';
import { examine } from '../../router/registry/examine.ts';
import { toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { cpuOf } from '../town/cost.ts';
import { keyFromPool } from '../town/key-pool.ts';
import { openOffice, POLICE, ROUTER, temporaryFolder, VT } from './office.ts';
import { refusedWith, told } from './refused.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12);
const clock = { at: NOW, now: () => clock.at };
const office = await openOffice({ clock });
const stranger = await openOffice({ clock });
const issuing = office.issuer('issuing');
const keys = await generateKeys('ec');
const rsaKeys = await keyFromPool('rsa');
const [rootList = '', domainList = '', issuingList = ''] = office.trust.crls;
const store = await TrustStore.load(office.trust, { clock });

const LEAF: LeafSpec = {
  ...{ oin: POLICE, name: 'Politie Voorbeeld', use: 'authenticiteit', hosts: [] },
  ...{ publicKey: keys.publicKey, notBefore: NOW - DAY, notAfter: NOW + 100 * DAY },
};
async function make(
  change: Partial<LeafSpec> = {},
  odd: readonly Asn1[] = [],
  by: Issuer = issuing,
) {
  const leaf = { ...LEAF, ...change };
  const names = odd.map((one) => toDer((one.value as Asn1[])[0] as Asn1));
  const kept = leafExtensions(leaf, by, 'http://x').filter(
    (one) => !names.some((name) => toDer(one).includes(name)),
  );
  return readCertificate(await makeLeaf(leaf, by, 'http://x', [...kept, ...odd]));
}
const judge = (certificate: Certificate, trust = store, use: Use = 'authenticiteit') =>
  trust.judge(certificate, { use, at: NOW, now: NOW });
const refused = (certificate: Certificate, trust = store) =>
  refusedWith(() => judge(certificate, trust));

test('certificate: one that is right in every way is good', async () => judge(await make()));

test('certificate: expired', async () =>
  assert.is(
    await refused(await make({ notBefore: NOW - 9 * DAY, notAfter: NOW - 1000 })),
    'certificate-expired',
  ));

test('certificate: not yet valid', async () =>
  assert.is(await refused(await make({ notBefore: NOW + 1000 })), 'certificate-expired'));

test('certificate: wrong usage', async () =>
  assert.is(
    await refused(await make({}, [keyUsage(['keyEncipherment'])])),
    'certificate-unsuitable',
  ));

test('certificate: for another use', async () =>
  assert.is(await refused(await make({ use: 'tls' })), 'certificate-unsuitable'));

test('certificate: wrong policy', async () =>
  assert.is(
    await refused(await make({}, [certificatePolicies(['2.16.528.1.1003.1.2.41.99'])])),
    'certificate-unsuitable',
  ));

test('certificate: a CA as leaf', async () => {
  assert.is(await refused(await make({}, [caConstraints(0)])), 'certificate-unsuitable');
  assert.is(await refused(issuing.certificate), 'certificate-untrusted');
});

test('certificate: a leaf as CA', async () => {
  const leaf = await make();
  const forged = await make({ oin: VT }, [], { ...issuing, certificate: leaf, keys });
  assert.is(await refused(forged), 'certificate-untrusted');
  const file = join(temporaryFolder(), 'leaf.pem');
  await writeWhole(file, toPem(leaf.der, 'CERTIFICATE'));
  const pinned = { ...office.trust, issuers: [...office.trust.issuers, file] };
  // Pinned by mistake, a leaf still issues nothing: without a path length it is never asked.
  assert.is(
    await refused(forged, await TrustStore.load(pinned, { clock })),
    'certificate-untrusted',
  );
});

test('certificate: unknown critical extension', async () => {
  const odd = (critical: boolean) => extension('1.2.3.4', critical, octets(Buffer.of(1)));
  assert.is(await refused(await make({}, [odd(true)])), 'certificate-unsuitable');
  judge(await make({}, [odd(false)]));
});

test('certificate: subject without an OIN, or with one that is none', async () => {
  for (const odd of ['123', '99999999000000010000']) {
    assert.is(await refused(await make({ oin: odd as never })), 'certificate-unsuitable');
  }
});

test('certificate: OIN of another', async () => {
  const certificate = await make({ oin: VT });
  const listed = { gebruik: 'authenticiteit' as const, x5t: certificate.x5t };
  const certificaten = [{ ...listed, der: certificate.der.toString('base64') }];
  const entry = {
    ...{ oin: POLICE, naam: 'P', rollen: ['politie'], status: 'actief' as const },
    ...{ van: '2026-01-01', zegel: 'ECDH-ES+A256KW' as const, mandaten: [], abonnementen: [] },
    certificaten,
  };
  const [fault] = examine([entry], store, NOW).filter(({ grave }) => grave);
  assert.match(fault?.text ?? '', 'is of another OIN');
  // And when a registrar signed it all the same:
  const registrar = await make({ oin: ROUTER });
  const claims = { iss: toUrn(ROUTER), iat: NOW / 1000, ...entry };
  const jws = await sign(claims, TYP.registration, signingKey(keys.privateKey, registrar));
  assert.is(await refusedWith(() => readRegistration(jws, [registrar])), 'malformed');
});

test('certificate: self-issued with a true name', async () => {
  const by = { ...issuing, keys };
  assert.is(await refused(await make({}, [], by)), 'certificate-untrusted');
  assert.is(await refused(await make({}, [], stranger.issuer('issuing'))), 'certificate-untrusted');
});

test('certificate: revoked', async () => {
  const { certificate } = await office.issue({
    oin: POLICE,
    name: 'P',
    use: 'authenticiteit',
    key: 'ec',
  });
  judge(certificate);
  await office.revoke(certificate.x5t, 'keyCompromise');
  await store.revocations.refresh();
  assert.is(await refused(certificate), 'certificate-revoked');
});

test('certificate: its issuing CA is revoked', async () => {
  const fallen = await openOffice({ clock });
  const trust = await TrustStore.load(fallen.trust, { clock });
  const leaf = await make({}, [], fallen.issuer('issuing'));
  judge(leaf, trust);
  await fallen.revoke(fallen.issuer('issuing').certificate.serial, 'keyCompromise');
  await trust.revocations.refresh();
  assert.is(await refused(leaf, trust), 'certificate-revoked');
});

test('certificate: addresses in it (AIA, distribution points) are never followed, qcStatements mean nothing', async () => {
  const url = 'http://127.0.0.1:9/never';
  const aia = extension(
    '1.3.6.1.5.5.7.1.1',
    false,
    sequence(sequence(oid('1.3.6.1.5.5.7.48.2'), taggedBytes(6, Buffer.from(url)))),
  );
  const qc = extension('1.3.6.1.5.5.7.1.3', false, sequence(sequence(oid('0.4.0.1862.1.1'))));
  const rubbish = extension('1.3.6.1.5.5.7.1.1', false, octets(Buffer.alloc(3000, 7)));
  judge(await make({}, [aia, qc]));
  judge(await make({}, [rubbish]));
});

test('certificate: a chain that is sent along counts for nothing, however long', async () => {
  const deep = await makeIssuer('issuing', rsaKeys, issuing, 'http://x', NOW);
  assert.is(await refused(await make({}, [], deep)), 'certificate-untrusted');
  const long = Array.from({ length: 100 }, () => toPem(deep.certificate.der, 'CERTIFICATE')).join(
    '',
  );
  const own = toPem((await make()).der, 'CERTIFICATE');
  // Only the first certificate of a text is read, and a text of more than 128 kB not at all.
  assert.is(await refusedWith(() => readCertificate(own + long + long)), 'malformed');
  judge(readCertificate(own + toPem(deep.certificate.der, 'CERTIFICATE')));
  const folder = temporaryFolder();
  const files = await Promise.all(
    Array.from({ length: 3 }, async (_, at) => {
      const file = join(folder, `${at}.pem`);
      await writeWhole(file, toPem(deep.certificate.der, 'CERTIFICATE'));
      return file;
    }),
  );
  const pinned = { ...office.trust, issuers: [...office.trust.issuers, ...files] };
  assert.match(await told(() => TrustStore.load(pinned, { clock })), 'so many issuers below it');
});

interface Odd {
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly number?: number;
  readonly extensions?: readonly Asn1[];
  readonly revoked?: readonly string[];
  readonly by?: Issuer;
}
/** A list of the issuing CA in which one thing is odd. */
function list({
  thisUpdate = NOW,
  nextUpdate = NOW + DAY,
  number = 9,
  extensions = [],
  revoked = [],
  by = issuing,
}: Odd = {}) {
  const entries = revoked.map((serial) => sequence(integer(serial), time(NOW)));
  const head = [
    small(1),
    signatureAlgorithm(),
    fromDer(issuing.certificate.subject),
    time(thisUpdate),
    time(nextUpdate),
  ];
  const tail = tagged(0, sequence(extension(OID.crlNumber, false, small(number)), ...extensions));
  return signed(
    sequence(...head, ...(entries.length > 0 ? [sequence(...entries)] : []), tail),
    by.keys.privateKey,
  );
}
/** A trust store whose list of the issuing CA is this file, which the test may change. */
async function withList(bytes: Buffer | undefined) {
  const file = join(temporaryFolder(), 'issuing.crl');
  if (bytes !== undefined) await writeWhole(file, bytes);
  const trust = await TrustStore.load(
    { ...office.trust, crls: [rootList, domainList, file] },
    { clock },
  );
  const swap = async (next: Buffer) => {
    await writeWhole(file, next);
    await trust.revocations.refresh();
    return trust.revocations.faults.get(file) ?? 'taken';
  };
  return { trust, swap, why: () => trust.revocations.faults.get(file) ?? 'taken' };
}

test('revocation list: fresh and complete, and the certificate is not on it', async () => {
  const { trust } = await withList(await list());
  judge(await make(), trust);
});

test('revocation list: stale', async () => {
  const old = await withList(await list({ thisUpdate: NOW - 4 * HOUR - 1000 }));
  assert.is(await refused(await make(), old.trust), 'revocation-unknown');
  const past = await withList(await list({ thisUpdate: NOW - HOUR, nextUpdate: NOW - 1000 }));
  assert.is(await refused(await make(), past.trust), 'revocation-unknown');
});

test('revocation list: missing', async () => {
  const { trust } = await withList(undefined);
  assert.is(await refused(await make(), trust), 'revocation-unknown');
});

test('revocation list: by another issuer', async () => {
  for (const by of [
    stranger.issuer('issuing'),
    office.issuer('domain'),
    { ...issuing, keys: rsaKeys },
  ]) {
    const { trust, why } = await withList(await list({ by }));
    assert.match(why(), 'not signed by a pinned issuer');
    assert.is(await refused(await make(), trust), 'revocation-unknown');
  }
  const crossed = { ...office.trust, crls: [rootList, domainList, domainList] };
  assert.is(
    await refused(await make(), await TrustStore.load(crossed, { clock })),
    'revocation-unknown',
  );
});

test('revocation list: narrower scope (issuingDistributionPoint) is refused, whatever it says', async () => {
  const flag = (n: number) => sequence(taggedBytes(n, Buffer.of(0xff)));
  const scopes = [
    flag(1),
    flag(2),
    flag(4),
    flag(5),
    sequence(taggedBytes(3, Buffer.of(1, 0x40))),
    sequence(),
  ];
  for (const scope of scopes) {
    for (const critical of [true, false]) {
      const extensions = [extension(OID.issuingDistributionPoint, critical, scope)];
      const { trust, why } = await withList(await list({ extensions }));
      assert.match(why(), 'a part of the certificates');
      assert.is(await refused(await make(), trust), 'revocation-unknown');
    }
  }
});

test('revocation list: delta', async () => {
  const { trust, why } = await withList(
    await list({ extensions: [extension('2.5.29.27', true, small(3))] }),
  );
  assert.match(why(), 'a part of the certificates');
  assert.is(await refused(await make(), trust), 'revocation-unknown');
});

test('revocation list: swapped while running, in both directions', async () => {
  const leaf = await make();
  const room = await withList(await list({ number: 1 }));
  judge(leaf, room.trust);
  assert.is(
    await room.swap(await list({ number: 2, thisUpdate: NOW + 1000, revoked: [leaf.serial] })),
    'taken',
  );
  assert.is(await refused(leaf, room.trust), 'certificate-revoked');
  assert.is(
    await room.swap(
      await list({ by: stranger.issuer('issuing'), number: 3, thisUpdate: NOW + 2000 }),
    ),
    'not signed by a pinned issuer',
  );
  assert.is(await refused(leaf, room.trust), 'certificate-revoked');
});

test('revocation list: one from before does not come back, by its time or by its number', async () => {
  const leaf = await make();
  const room = await withList(
    await list({ number: 5, thisUpdate: NOW - HOUR, revoked: [leaf.serial] }),
  );
  assert.match(
    await room.swap(await list({ number: 6, thisUpdate: NOW - 2 * HOUR })),
    'older than',
  );
  assert.match(await room.swap(await list({ number: 4, thisUpdate: NOW })), 'older than');
  assert.is(await refused(leaf, room.trust), 'certificate-revoked');
});

test('revocation list: oversized, malformed, or something else altogether', async () => {
  const good = await list();
  const room = await withList(good);
  const odd = [
    Buffer.alloc(0),
    Buffer.alloc(20_000_001, 0x30),
    good.subarray(0, 100),
    Buffer.concat([good, Buffer.of(0)]),
  ];
  const deep = Buffer.from('308230'.repeat(10_000), 'hex');
  for (const bytes of [...odd, deep, readFileSync(office.trust.roots[0] ?? '')]) {
    const spent = await cpuOf(async () => assert.is.not(await room.swap(bytes), 'taken'));
    assert.ok(spent < 5000, `${spent} ms`);
  }
  judge(await make(), room.trust);
});

test('the real fault is told where it is: show, link by link', async () => {
  const { traceLinks } = await import('../../certs/commands/links.ts');
  const fallen = await openOffice({ clock });
  const leaf = await make({}, [], fallen.issuer('issuing'));
  const verdicts = (trust: TrustStore, one = leaf) =>
    traceLinks(trust, one, NOW).map(({ verdict }) => verdict);
  const trust = await TrustStore.load(fallen.trust, { clock });
  assert.equal(verdicts(trust), ['good for authenticiteit', 'pinned', 'pinned', 'pinned root']);
  await fallen.revoke(fallen.issuer('domain').certificate.serial, 'keyCompromise');
  await trust.revocations.refresh();
  const [own, above, domain, root] = verdicts(trust);
  assert.match(own ?? '', 'not good, for a link above');
  assert.match(above ?? '', 'not good, for a link above');
  assert.match(domain ?? '', /^certificate-revoked: since 2026-11-20/);
  assert.is(root, 'pinned root');
  const expired = await make({ notBefore: NOW - 9 * DAY, notAfter: NOW - DAY });
  assert.match(verdicts(store, expired)[0] ?? '', 'it ended on 2026-11-19 12:00Z');
  assert.equal(verdicts(store, leaf), ['certificate-untrusted: no pinned issuer signed it']);
  const [line] = traceLinks(store, await make(), NOW);
  assert.match(line?.list ?? '', /^fresh: number \d+, made 2026-11-20 12:00Z, .*issuing\.crl$/);
  const none = await TrustStore.load(
    { ...office.trust, crls: [rootList, domainList, '/nowhere.crl'] },
    { clock },
  );
  const [missing] = traceLinks(none, await make(), NOW);
  assert.match(missing?.list ?? '', /^no list of .*nowhere\.crl/);
  assert.match(missing?.verdict ?? '', 'revocation-unknown');
  assert.ok(issuingList);
});

test.run();
