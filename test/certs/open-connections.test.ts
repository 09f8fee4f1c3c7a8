/**
 * A revocation, and a new key, while connections are open. That a kept-alive connection to the door and a
 * waiting poll feel a revocation is told in test/router/door/{through,collecting}.test.ts.
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Door } from '../../adapters/door.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { loadTls } from '../../certs/keystore.ts';
import { TrustStore } from '../../certs/truststore.ts';
import { systemClock } from '../../schemas/clock.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { no, yes } from '../router/door/memory-bus.ts';
import { openSocket } from '../router/door/socket.ts';
import { openStand, ROUTER, type Stand } from '../router/door/stand.ts';
import { openOffice, POLICE, ROUTER as ROUTER_OIN } from './office.ts';

/** Asks on a socket that stays open. @returns the status */
function ask(socket: TLSSocket): Promise<number> {
  const heard = new Promise<number>((done, fail) => {
    socket.once('data', (data) => done(Number(/^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1])));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('closed')));
  });
  socket.write('GET /v1/organisaties HTTP/1.1\r\nhost: a\r\n\r\n');
  return heard;
}

/** Runs with the door's memory of peers ten seconds older. */
async function later<T>(work: () => Promise<T>): Promise<T> {
  const now = performance.now;
  performance.now = () => now.call(performance) + 11_000;
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}

const revoked = new Set<string>();
async function judgingStand(): Promise<Stand> {
  const peer = ({ der }: { der: string }) => {
    const { x5t } = readCertificate(Buffer.from(der, 'base64'));
    return revoked.has(x5t) ? no('not-authenticated') : yes({ oin: POLICE, naam: 'P' });
  };
  return openStand({ organisations: () => yes({ organisaties: [] }), peer });
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a resumed TLS session is judged like a new one: ${version}`, async () => {
    const stand = await judgingStand();
    const shown = await stand.pki.issue(POLICE);
    const options = { minVersion: version, maxVersion: version };
    const first = await openSocket(stand, shown, options);
    // Before 1.3 the session is known when the handshake is over; later it comes by itself.
    const coming = new Promise<Buffer>((done) => first.once('session', done));
    assert.is(await ask(first), 200);
    const session = version === 'TLSv1.2' ? (first.getSession() as Buffer) : await coming;
    const ticket = { ...options, session };
    const again = await openSocket(stand, shown, ticket);
    assert.ok(again.isSessionReused());
    assert.is(await ask(again), 200);
    revoked.add(readCertificate(shown.cert).x5t);
    await later(async () => {
      assert.is(await ask(again), 401, 'on the connection that is open');
      const resumed = await openSocket(stand, shown, ticket);
      assert.is(await ask(resumed), 401, 'on a new one with the old session');
      resumed.destroy();
    });
    first.destroy();
    await stand.close();
  });
}

test('the door shows its new certificate on new connections; open ones go on', async () => {
  const stand = await judgingStand();
  const shown = await stand.pki.issue(POLICE);
  const before = await openSocket(stand, shown);
  const old = before.getPeerX509Certificate()?.fingerprint256;
  stand.door.renew(await stand.pki.issue(ROUTER, 'ec'));
  const after = await openSocket(stand, shown);
  assert.is.not(after.getPeerX509Certificate()?.fingerprint256, old);
  assert.equal([await ask(before), await ask(after)], [200, 200]);
  before.destroy();
  after.destroy();
  await stand.close();
});

/** A router's door of one line, with its own TLS certificate, and an adapter's side that judges it. */
async function conversation() {
  const office = await openOffice();
  const issue = (oin: typeof POLICE) => office.issue({ oin, name: 'D', use: 'tls', key: 'ec' });
  const [router, agency] = [await issue(ROUTER_OIN), await issue(POLICE)];
  const peers = new Set<string>();
  let open = 0;
  const tls = { ...(await loadTls(router.source)), requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls, (request, response) => {
    const shown = (request.socket as TLSSocket).getPeerX509Certificate();
    if (shown !== undefined) peers.add(readCertificate(shown.raw).x5t);
    if (request.method === 'GET') response.end('{"ontvangstbewijzen":[]}');
  });
  server.on('secureConnection', (socket) => {
    open++;
    socket.once('close', () => open--);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const trust = await TrustStore.load(office.trust);
  const { roots, issuers } = office.trust;
  const { readFile } = await import('node:fs/promises');
  const door = new Door({
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    oin: ROUTER_OIN,
    tls: await loadTls(agency.source),
    ca: await Promise.all([...roots, ...issuers].map((file) => readFile(file, 'utf8'))),
    judge: (certificate) => {
      const now = Date.now();
      trust.judge(certificate, { use: 'tls', at: now, now });
    },
    clock: systemClock,
    lookMs: 500,
  });
  const close = async () => {
    await door.close();
    server.closeAllConnections();
    server.close();
  };
  return { office, router, agency, trust, door, peers, open: () => open, close };
}

const JTI = '019a5b7c-8d9e-7f01-8a2b-3c4d5e6f7081';

test('an adapter leaves a router whose certificate is revoked, on open connections and in a long poll', async () => {
  const { office, router, trust, door, open, close } = await conversation();
  assert.ok((await door.receipts(JTI, 'a.b.c')).ok);
  const ended = door
    .collect(POLICE, { bewijs: 'a.b.c', wachten: 60 } as never, new AbortController().signal)
    .then(
      () => 'answered',
      () => 'ended',
    );
  await office.revoke(router.certificate.x5t, 'keyCompromise');
  await trust.revocations.refresh();
  const from = performance.now();
  assert.is(await ended, 'ended');
  assert.ok(performance.now() - from < 45_000, 'long before the poll would end');
  while (open() > 0) await new Promise((done) => setTimeout(done, 20));
  const again = await door.receipts(JTI, 'a.b.c').then(
    () => 'answered',
    (error) => (error instanceof Refusal ? error.code : String(error)),
  );
  assert.match(again, /revoked/);
  await close();
});

test('an adapter shows its new certificate at once, and what is under way ends in peace', async () => {
  const { office, agency, door, peers, close } = await conversation();
  assert.ok((await door.receipts(JTI, 'a.b.c')).ok);
  const fresh = await office.issue({ oin: POLICE, name: 'D', use: 'tls', key: 'ec' });
  const under = door.receipts(JTI, 'a.b.c');
  door.renew(await loadTls(fresh.source));
  assert.ok((await under).ok);
  assert.ok((await door.receipts(JTI, 'a.b.c')).ok);
  assert.equal([...peers], [agency.certificate.x5t, fresh.certificate.x5t]);
  await close();
});

test.run();
