import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Asn1,
  bits,
  fromDer,
  integer,
  octets,
  oid,
  sequence,
  small,
  tagged,
  time,
  toDer,
  utf8,
} from '../../certs/authority/asn1.ts';
import { buildCertificate } from '../../certs/authority/build.ts';
import { extension } from '../../certs/authority/extensions.ts';
import { generateKeys, newSerial } from '../../certs/authority/issuers.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { children, readDer, readOid, readSerial, readSmall, readTime } from '../../certs/der.ts';
import { digestOf } from '../../certs/digest.ts';
import { fromPem, toPem } from '../../certs/pem.ts';
import { isRoca, whyWeak } from '../../certs/weak.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { keyFromPool } from '../town/key-pool.ts';
import { openOffice, POLICE } from './office.ts';
import { refusedWith } from './refused.ts';

const office = await openOffice();
const { certificate, certificatePem } = await office.issue({
  ...{ oin: POLICE, name: 'Politie eenheid Voorbeeld', use: 'tls', key: 'ec' },
});
const issuer = office.issuer('issuing');
const keys = await generateKeys('ec');

/** A certificate with odd parts, rightly signed. */
const make = async (extensions: readonly Asn1[], oin = POLICE as string) =>
  buildCertificate(
    {
      serial: newSerial(),
      subject: { organization: 'TRIAL X', commonName: 'TRIAL X', oin: oin as never },
      issuer: issuer.certificate.subject,
      notBefore: Date.UTC(2026, 0, 1),
      notAfter: Date.UTC(2060, 0, 1),
      publicKey: keys.publicKey,
      extensions,
    },
    issuer.keys.privateKey,
  );

test('PEM and DER give the same certificate, named by the SHA-256 of its DER', () => {
  const again = readCertificate(certificatePem);
  assert.is(again.x5t, certificate.x5t);
  assert.is(readCertificate(new Uint8Array(certificate.der)).x5t, certificate.x5t);
  assert.is(certificate.x5t, createHash('sha256').update(certificate.der).digest('base64url'));
  assert.is(certificate.x5t as string, digestOf(certificate.der));
});

test('it agrees with Node on what both can read', () => {
  const { x509 } = certificate;
  assert.is(certificate.serial, x509.serialNumber.toLowerCase());
  assert.is(certificate.notBefore, Date.parse(x509.validFrom));
  assert.is(certificate.notAfter, Date.parse(x509.validTo));
  assert.match(x509.subject, `CN=${certificate.name}`);
  assert.match(x509.subject, `serialNumber=${certificate.oin}`);
  // What Node calls keyUsage are the extended key usages.
  assert.equal(certificate.extendedKeyUsage, x509.keyUsage);
});

test('only an OIN that stands there once is an OIN', async () => {
  assert.is(readCertificate(await make([])).oin, POLICE);
  assert.is(readCertificate(await make([], '0123456789')).oin, undefined);
});

test('dates after 2049 are read as they are written', async () => {
  assert.is(readCertificate(await make([])).notAfter, Date.UTC(2060, 0, 1));
});

test('an extension that stands twice, or bytes after the end, make it unreadable', async () => {
  const odd = () => extension('1.2.3', false, octets(Buffer.of(1)));
  const twice = await make([odd(), odd()]);
  assert.is(await refusedWith(() => readCertificate(twice)), 'malformed');
  const longer = Buffer.concat([certificate.der, Buffer.of(0)]);
  assert.is(await refusedWith(() => readCertificate(longer)), 'malformed');
});

test('whatever is not a certificate is refused, without a crash', async () => {
  const rubbish = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string());
  await fc.assert(
    fc.asyncProperty(rubbish, async (input) => {
      assert.is(await refusedWith(() => readCertificate(input)), 'malformed');
    }),
  );
  const size = certificate.der.length;
  fc.assert(
    fc.property(fc.nat(size - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const der = Buffer.from(certificate.der);
      der[at] = (der[at] ?? 0) ^ change;
      try {
        assert.is.not(readCertificate(der).x5t, certificate.x5t);
      } catch (error) {
        assert.instance(error, Refusal);
      }
    }),
    { numRuns: 400 },
  );
});

test('DER: what the writer writes the reader reads', () => {
  const value = sequence(small(300), integer('00abcdef'), oid('1.2.840.113549.1.1.10'), utf8('é'));
  const [first, second, third] = children(readDer(toDer(value)));
  assert.is(readSmall(first), 300);
  assert.is(readSerial(second), 'abcdef');
  assert.is(readOid(third), '1.2.840.113549.1.1.10');
  assert.is(readOid(readDer(toDer(oid('2.16.528.1.1003')))), '2.16.528.1.1003');
  for (const at of [Date.UTC(1970, 1, 1), Date.UTC(2049, 11, 31), Date.UTC(2050, 0, 1)]) {
    assert.is(readTime(readDer(toDer(time(at)))), at);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const node = readDer(toDer(tagged(0, sequence(octets(bytes), bits(bytes)))));
      assert.ok(children(children(node)[0] ?? node)[0]?.body.equals(bytes));
      assert.ok(toDer(fromDer(node.whole)).equals(node.whole));
    }),
  );
});

test('DER: lengths that are open, long-winded or too large are refused', async () => {
  const bad = [
    '3080',
    '308100',
    '30820001',
    '3081',
    '30',
    '',
    '3085010000000001',
    '300100ff',
    '1f8101',
  ];
  for (const hex of bad) {
    assert.is(await refusedWith(() => readDer(Buffer.from(hex, 'hex'))), 'malformed', hex);
  }
  for (const hex of ['0600', '06028001', '060181', '0603808001']) {
    const node = Buffer.from(hex, 'hex');
    assert.is(await refusedWith(() => readOid(readDer(node))), 'malformed', hex);
  }
});

test('PEM: every block is found, and none that is not there', () => {
  const pem = `text\n${toPem(Buffer.from('one'), 'CERTIFICATE')}\n${toPem(Buffer.from('two'), 'CERTIFICATE')}`;
  assert.equal(fromPem(pem, 'CERTIFICATE').map(String), ['one', 'two']);
  assert.equal(fromPem(pem, 'X509 CRL'), []);
});

test('a modulus of the flawed generator is known, a sound one is not taken for it', async () => {
  const flawed = 65537n ** 12_345n + 0n;
  assert.ok(isRoca(flawed));
  const { publicKey } = await keyFromPool('rsa');
  assert.is(whyWeak(publicKey), undefined);
  assert.is(whyWeak(keys.publicKey), undefined);
});

test.run();
