import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FiledKey, KeySource } from '../../certs/config.ts';
import { loadIdentity, loadOpeningKey, loadSigningKey, loadTls } from '../../certs/keystore.ts';
import { type Desk, deskOf, openOffice, POLICE, ROUTER, temporaryFolder, VT } from './office.ts';
import { told } from './refused.ts';

const office = await openOffice();
const rsa = await deskOf(office, POLICE, 'rsa');
const ec = await deskOf(office, VT, 'ec');
const folder = temporaryFolder();

const write = (name: string, text: string | Buffer): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

for (const desk of [rsa, ec]) {
  test(`an agency's keys are loaded behind handles (${desk.signing.key.alg})`, async () => {
    const identity = await loadIdentity(desk.config);
    assert.is(identity.oin, desk.oin);
    assert.is(identity.signing.x5t, desk.signing.certificate.x5t);
    assert.equal(
      identity.opening.map(({ x5t }) => x5t),
      [desk.opening.certificate.x5t],
    );
    assert.is(identity.certificates.length, 3);
    const seen = JSON.stringify([identity.signing, identity.opening, identity.certificates]);
    assert.not.match(seen, 'PRIVATE');
  });
}

test('paths may be relative to the folder of the configuration', async () => {
  const inside = Object.fromEntries(
    Object.entries(rsa.config.signing).map(([name, path]) => [name, relative(office.dir, path)]),
  ) as unknown as KeySource;
  const key = await loadSigningKey(inside, office.dir);
  assert.is(key.x5t, rsa.signing.certificate.x5t);
});

test('an older key for opening is kept beside the new one', async () => {
  const request = { oin: VT, name: 'VT', use: 'vertrouwelijkheid', key: 'ec' } as const;
  const newer = await office.issue(request);
  const serial = ec.opening.certificate.serial.slice(0, 8);
  const kept = join(office.dir, 'agencies', VT, `vertrouwelijkheid-${serial}`);
  const older = {
    ...{ key: `${kept}.key.pem`, certificate: `${kept}.pem` },
    passphraseFile: newer.files.passphraseFile,
  };
  const identity = await loadIdentity({ ...ec.config, opening: [newer.source, older] });
  const found = identity.opening.map(({ x5t }) => x5t);
  assert.equal(found, [newer.certificate.x5t, ec.opening.certificate.x5t]);
});

test('a wrong passphrase is told with the file and nothing of the secret', async () => {
  const passphraseFile = write('wrong', 'not-the-passphrase\n');
  for (const source of [rsa.config.signing, ec.config.signing]) {
    const message = await told(() => loadSigningKey({ ...source, passphraseFile }));
    assert.match(message, 'authenticiteit');
    assert.match(message, 'passphrase');
    assert.not.match(message, 'not-the-passphrase');
    const { passphraseFile: right } = source as FiledKey;
    assert.not.match(message, readFileSync(right, 'utf8').trim());
  }
});

test('the passphrase comes from a file, the environment or a credential of systemd, and from one of them', async () => {
  const { passphraseFile, ...files } = ec.config.signing as FiledKey;
  const folder = dirname(passphraseFile);
  const secret = readFileSync(passphraseFile, 'utf8');
  const env = { ...files, passphraseEnv: 'KETENPOST_TEST_PASSPHRASE' };
  assert.match(await told(() => loadSigningKey(env)), 'KETENPOST_TEST_PASSPHRASE is not set');
  process.env['KETENPOST_TEST_PASSPHRASE'] = secret.trim();
  assert.is((await loadSigningKey(env)).x5t, ec.signing.certificate.x5t);
  const credential = { ...files, passphraseCredential: 'passphrase' };
  assert.match(await told(() => loadSigningKey(credential)), 'CREDENTIALS_DIRECTORY is not set');
  process.env['CREDENTIALS_DIRECTORY'] = folder;
  assert.is((await loadSigningKey(credential)).x5t, ec.signing.certificate.x5t);
  const gone = { ...files, passphraseCredential: 'gone' };
  assert.match(await told(() => loadSigningKey(gone)), 'the credential gone cannot be read');
  process.env['KETENPOST_TEST_PASSPHRASE'] = ' ';
  assert.match(await told(() => loadSigningKey(env)), 'is empty');
});

test('a key that is not encrypted is refused, in PKCS#8 and as the old forms', async () => {
  const { passphraseFile, ...files } = ec.config.signing as FiledKey;
  const { certificate } = files as { certificate: string };
  for (const type of ['pkcs8', 'sec1'] as const) {
    const key = write(`plain-${type}.pem`, ec.signing.privateKey.export({ type, format: 'pem' }));
    const message = await told(() => loadSigningKey({ key, certificate, passphraseFile }));
    assert.match(message, 'is not an encrypted PKCS#8 key');
  }
});

test('what is wrong with a file is told with its name and what to do', async () => {
  const { passphraseFile } = rsa.config.signing as FiledKey;
  const rubbish = write('rubbish.p12', 'rubbish');
  const cases: readonly (readonly [KeySource, RegExp])[] = [
    [{ p12: '/nowhere.p12', passphraseFile }, /nowhere\.p12 cannot be read/],
    [{ p12: rubbish, passphraseFile }, /rubbish\.p12 cannot be opened as PKCS#12/],
    [{ ...rsa.config.signing, passphraseFile: '/nowhere' }, /nowhere cannot be read/],
    [rsa.config.tls, /not a certificate for authenticiteit: .* → name the certificate/],
  ];
  for (const [source, expected] of cases) {
    assert.match(await told(() => loadSigningKey(source)), expected);
  }
});

test('a key in the clear is not taken', async () => {
  const clear = ec.signing.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const source = { ...ec.config.signing, key: write('clear.key.pem', clear) };
  assert.match(await told(() => loadSigningKey(source)), 'is not an encrypted PKCS#8 key');
});

test('a key and the certificate of another do not go together', async () => {
  const other = await deskOf(office, ROUTER, 'ec');
  const { certificate } = other.config.signing as { certificate: string };
  const mixed = { ...ec.config.signing, certificate };
  assert.match(await told(() => loadSigningKey(mixed)), 'does not belong to the key');
  const foreign = { ...ec.config, signing: other.config.signing };
  assert.match(await told(() => loadIdentity(foreign)), 'of another OIN');
});

test('a key opens RSA-OAEP with SHA-1 only when its configuration says so', async () => {
  const [source] = rsa.config.opening;
  if (source === undefined) return assert.unreachable();
  assert.equal((await loadOpeningKey(source)).algs, ['RSA-OAEP-256']);
  const adr = await loadOpeningKey({ ...source, alsoSha1: true });
  assert.equal(adr.algs, ['RSA-OAEP-256', 'RSA-OAEP']);
});

/** Two agencies shake hands over TLS, each trusting the other by the pinned roots alone. */
async function handshake(server: Desk, client: Desk): Promise<[string, string]> {
  const ca = [...office.trust.roots].map((file) => readFileSync(file));
  const ours = await loadTls(server.config.tls);
  const theirs = await loadTls(client.config.tls);
  const listening = createServer({ ...ours, ca, requestCert: true, rejectUnauthorized: true });
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  const seen = new Promise<TLSSocket>((done) => listening.once('secureConnection', done));
  const { port } = listening.address() as AddressInfo;
  const socket = connect({ ...theirs, ca, port, host: '127.0.0.1', servername: 'localhost' });
  const [peer] = await Promise.all([
    seen,
    new Promise((done, fail) => socket.once('secureConnect', done).once('error', fail)),
  ]);
  const names = [peer, socket].map((one) => {
    const { serialNumber } = one.getPeerCertificate().subject as unknown as Record<string, string>;
    return serialNumber ?? '';
  });
  socket.destroy();
  peer.destroy();
  listening.close();
  return names as [string, string];
}

test('TLS shows the chain, so that pinned roots suffice to trust both ends', async () => {
  assert.equal(await handshake(rsa, ec), [VT, POLICE]);
  assert.equal(await handshake(ec, rsa), [POLICE, VT]);
  const { key } = await loadTls(ec.config.tls);
  assert.is(createPrivateKey(key).asymmetricKeyType, 'ec');
});

test.run();
