/** How the door speaks TLS: what it offers, what it will not do. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { yes } from './memory-bus.ts';
import { openSocket, say } from './socket.ts';
import { openStand, POLICE } from './stand.ts';

const stand = await openStand({ organisations: () => yes({ organisaties: [] }) });
test.after(stand.close);
const shown = await stand.pki.issue(POLICE);

const CLOSE = 'connection: close\r\n\r\n';
const get = (path: string) => `GET /v1/${path} HTTP/1.1\r\nhost: a\r\n${CLOSE}`;

test('1.3 is preferred, 1.2 works, older is refused', async () => {
  const newest = await openSocket(stand, shown);
  assert.is(newest.getProtocol(), 'TLSv1.3');
  const older = await openSocket(stand, shown, { maxVersion: 'TLSv1.2' });
  assert.is(older.getProtocol(), 'TLSv1.2');
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  await assertRefused(old);
  for (const socket of [newest, older]) socket.destroy();
});

test('in 1.2 only suites with forward secrecy and authenticated encryption, in our order', async () => {
  for (const ciphers of [
    'AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-SHA384',
    'DHE-RSA-AES256-GCM-SHA384',
  ]) {
    await assertRefused({ maxVersion: 'TLSv1.2', ciphers });
  }
  const ciphers = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384';
  const socket = await openSocket(stand, shown, { maxVersion: 'TLSv1.2', ciphers });
  assert.is(socket.getCipher().name, 'ECDHE-RSA-AES256-GCM-SHA384');
  socket.destroy();
});

test('a signature over SHA-1 or a curve that is too small is refused', async () => {
  await assertRefused({
    maxVersion: 'TLSv1.2',
    sigalgs: 'rsa_pkcs1_sha1',
    ciphers: 'ALL:@SECLEVEL=0',
  });
  await assertRefused({ ecdhCurve: 'secp224r1' });
});

test('nobody renegotiates', async () => {
  const socket = await openSocket(stand, shown, { maxVersion: 'TLSv1.2' });
  const ended = new Promise<string>((resolve) => {
    socket.on('error', () => resolve('refused'));
    socket.renegotiate({}, (error) => resolve(error ? 'refused' : 'done'));
  });
  assert.is(await ended, 'refused');
  socket.destroy();
});

test('a certificate on RSA-3072 serves as well as one on P-256', async () => {
  const rsa = await stand.pki.issue(POLICE, 'rsa');
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const heard = await say(await openSocket(stand, rsa, { maxVersion }), get('organisaties'));
    assert.match(heard, /^HTTP\/1.1 200 /);
  }
});

test('HTTP/1.1 is the only protocol', async () => {
  const socket = await openSocket(stand, shown, { ALPNProtocols: ['h2', 'http/1.1'] });
  assert.is(socket.alpnProtocol, 'http/1.1');
  socket.destroy();
});

async function assertRefused(options: Parameters<typeof openSocket>[2]): Promise<void> {
  const outcome = await openSocket(stand, shown, options).then(
    (socket) => {
      socket.destroy();
      return 'connected';
    },
    () => 'refused',
  );
  assert.is(outcome, 'refused', JSON.stringify(options));
}

test.run();
