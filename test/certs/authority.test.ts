import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAuthority, openAuthority } from '../../certs/authority/authority.ts';
import { LAYERS } from '../../certs/authority/issuers.ts';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import { toPem } from '../../certs/pem.ts';
import { readPkcs12 } from '../../certs/pkcs12.ts';
import { PROFILE, USES } from '../../certs/profile.ts';
import { usesOf } from '../../certs/suit.ts';
import { deskOf, openOffice, POLICE, VT } from './office.ts';
import { told } from './refused.ts';

const office = await openOffice();
const rsa = await deskOf(office, POLICE, 'rsa');
const ec = await deskOf(office, VT, 'ec');
const issuing = office.issuer('issuing').certificate;
const leafOf = (oin: string, use: string): Certificate =>
  readCertificate(readFileSync(join(office.dir, 'agencies', oin, `${use}.pem`)));

const openssl = (...args: string[]) => spawnSync('openssl', args, { encoding: 'utf8' });
const HAS_OPENSSL = openssl('version').status === 0;
/** OpenSSL is an oracle, not a need: where it is absent the test says so. */
function withOpenssl(name: string, run: () => void): void {
  test(name, () => {
    if (HAS_OPENSSL) return run();
    process.stdout.write(`skipped, openssl is not here: ${name}\n`);
  });
}

/** Verifies a certificate as openssl does when it is at its strictest. */
function verdict(certificate: Certificate): string {
  const file = (name: string, text: string): string => {
    writeFileSync(join(office.dir, name), text);
    return join(office.dir, name);
  };
  const pems = office.trust.issuers.map((one) => readFileSync(one, 'utf8'));
  const crls = office.trust.crls.map((one) => toPem(readFileSync(one), 'X509 CRL'));
  const args = ['-x509_strict', '-crl_check_all', '-policy_check'];
  const { stdout, stderr } = openssl(
    ...['verify', ...args, '-CRLfile', file('crls.pem', crls.join(''))],
    ...['-CAfile', office.trust.roots[0] ?? '', '-untrusted', file('untrusted.pem', pems.join(''))],
    file('leaf.pem', toPem(certificate.der, 'CERTIFICATE')),
  );
  return `${stdout}${stderr}`;
}

withOpenssl('openssl finds every certificate good, with all three lists checked', () => {
  for (const { oin } of [rsa, ec]) {
    for (const use of USES) assert.match(verdict(leafOf(oin, use)), ': OK');
  }
  for (const layer of ['domain', 'issuing'] as const) {
    assert.match(verdict(office.issuer(layer).certificate), ': OK');
  }
});

test('a certificate has the profile of its use', () => {
  for (const { oin } of [rsa, ec]) {
    for (const use of USES) {
      const leaf = leafOf(oin, use);
      assert.equal(usesOf(leaf), [use]);
      assert.is(leaf.oin, oin);
      assert.equal(leaf.policies, [PROFILE[use].policies[0]]);
      assert.match(leaf.name, /^TRIAL Dienst /);
      assert.match(leaf.x509.subject, 'organizationIdentifier=NTRNL-');
      assert.match(leaf.x509.infoAccess ?? '', '');
      assert.is(leaf.x509.checkIssued(issuing.x509), true);
      assert.is(leaf.serial.length, 40);
      assert.ok(leaf.notAfter - leaf.notBefore <= 397 * 86_400_000);
    }
  }
  assert.equal(ec.opening.certificate.keyUsage, ['keyAgreement']);
  assert.equal(rsa.opening.certificate.keyUsage, ['keyEncipherment', 'dataEncipherment']);
});

test('no certificate carries a policy of production', () => {
  const all = readdirSync(office.dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(agencies|trust).*\.pem$/.test(file) && !file.includes('key'))
    .map((file) => readCertificate(readFileSync(join(office.dir, file))));
  assert.ok(all.length >= 9);
  for (const { policies } of all) {
    assert.not(policies.some((policy) => policy.includes('.1003.1.2.44.')));
  }
});

test('a TLS certificate is for the hosts that were asked, else for localhost', async () => {
  assert.is(leafOf(POLICE, 'tls').x509.checkHost('localhost'), 'localhost');
  const request = { oin: VT, name: 'VT', use: 'tls', key: 'ec' } as const;
  const { certificate } = await office.issue({ ...request, hosts: ['a.example', 'b.example'] });
  assert.is(certificate.x509.subjectAltName, 'DNS:a.example, DNS:b.example');
  assert.is(certificate.x509.checkHost('localhost'), undefined);
});

test('a date can be asked for, and no leaf outlives its issuer', async () => {
  const request = { oin: VT, name: 'VT', use: 'tls', key: 'ec' } as const;
  const notBefore = Date.UTC(2026, 0, 1);
  const short = await office.issue({ ...request, notBefore, days: 2 });
  assert.is(short.certificate.notAfter, Date.UTC(2026, 0, 3));
  const long = await office.issue({ ...request, days: 99_999 });
  assert.is(long.certificate.notAfter, issuing.notAfter);
});

test('on disk every private key is encrypted, and only its owner reads it', () => {
  const secret = readdirSync(office.dir, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /key\.pem$|p12$|passphrase$/.test(file),
  );
  assert.ok(secret.length > 9);
  for (const file of secret) {
    assert.is(statSync(join(office.dir, file)).mode & 0o077, 0, file);
    const text = readFileSync(join(office.dir, file), 'latin1');
    assert.not.match(text, 'BEGIN PRIVATE KEY');
    assert.not.match(text, 'BEGIN RSA PRIVATE KEY');
    if (file.endsWith('key.pem')) assert.match(text, 'BEGIN ENCRYPTED PRIVATE KEY');
  }
});

test('a new key takes the name of the old one, whose files stay', async () => {
  const before = leafOf(VT, 'vertrouwelijkheid');
  const issued = await office.issue({ oin: VT, name: 'VT', use: 'vertrouwelijkheid', key: 'ec' });
  const kept = join(office.dir, 'agencies', VT, `vertrouwelijkheid-${before.serial.slice(0, 8)}`);
  assert.is(leafOf(VT, 'vertrouwelijkheid').x5t, issued.certificate.x5t);
  assert.is(readCertificate(readFileSync(`${kept}.pem`)).x5t, before.x5t);
  assert.ok(existsSync(`${kept}.key.pem`));
});

withOpenssl('PKCS#12 goes both ways between openssl and us, RSA and EC', () => {
  const { passphraseFile } = rsa.tls.files;
  const p12 = join(office.dir, 'agencies', POLICE, 'tls.p12');
  const shown = openssl(
    'pkcs12',
    '-in',
    p12,
    '-passin',
    `file:${passphraseFile}`,
    '-info',
    '-noout',
  );
  assert.match(shown.stderr, 'AES-256-CBC');
  for (const desk of [rsa, ec]) {
    const key = join(office.dir, 'test.key.pem');
    writeFileSync(key, desk.opening.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const cert = join(office.dir, 'test.cert.pem');
    writeFileSync(cert, toPem(desk.opening.certificate.der, 'CERTIFICATE'));
    const out = join(office.dir, 'test.p12');
    openssl('pkcs12', '-export', '-inkey', key, '-in', cert, '-out', out, '-passout', 'pass:abc');
    const read = readPkcs12(readFileSync(out), 'abc');
    assert.is(read.chain[0]?.x5t, desk.opening.certificate.x5t);
    assert.ok(desk.opening.certificate.x509.checkPrivateKey(read.key));
  }
});

withOpenssl('what is revoked openssl refuses, with the reason on the list', async () => {
  const leaf = leafOf(VT, 'authenticiteit');
  await office.revoke(leaf.serial, 'keyCompromise');
  assert.match(verdict(leaf), 'certificate revoked');
  assert.match(verdict(leafOf(POLICE, 'authenticiteit')), ': OK');
  const list = openssl(
    'crl',
    '-inform',
    'der',
    '-in',
    office.trust.crls[2] ?? '',
    '-noout',
    '-text',
  );
  assert.match(list.stdout, 'Key Compromise');
});

test('an authority that was closed opens again and goes on where it was', async () => {
  const again = await openAuthority(office.dir);
  const { certificate } = await again.issue({ oin: VT, name: 'VT', use: 'tls', key: 'ec' });
  assert.is(certificate.x509.verify(new X509Certificate(issuing.der).publicKey), true);
  const records = await again.issued();
  assert.equal(
    records.slice(0, 3).map(({ name }) => name.slice(-7)),
    ['G4 Root', ' Domain', 'Issuing'],
  );
  assert.is(new Set(records.map(({ serial }) => serial)).size, records.length);
  assert.ok(records.some(({ revoked }) => revoked?.reason === 'keyCompromise'));
  for (const layer of LAYERS) assert.is(again.issuer(layer).certificate.isCa, true);
});

test('many are issued at once, and every one is in the book', async () => {
  const request = { oin: POLICE, name: 'P', use: 'tls', key: 'ec' } as const;
  const issued = await Promise.all(Array.from({ length: 8 }, () => office.issue(request)));
  const book = new Set((await office.issued()).map(({ x5t }) => x5t));
  assert.ok(issued.every(({ certificate }) => book.has(certificate.x5t)));
});

test('what cannot be done is said so that a person can go on', async () => {
  assert.match(await told(() => createAuthority(office.dir)), 'there is an authority');
  assert.match(await told(() => openAuthority('/nowhere')), 'ketenpost certs init /nowhere');
  assert.match(await told(() => office.revoke('00', 'superseded')), 'did not issue 00');
  writeFileSync(join(office.dir, 'authority', 'passphrase'), 'wrong\n');
  const message = await told(() => openAuthority(office.dir));
  assert.match(message, 'cannot be opened');
  assert.not.match(message, 'wrong');
});

test.run();
