/** Whom an adapter speaks to: the router of its configuration, proven by certificate, and nobody else. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { post } from '../../adapters/outlet.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { openStand, report, type Stand, until } from './stand.ts';

let stand: Stand;
test.before(async () => {
  stand = await openStand();
});
test.after(() => stand.close());

/** A server that shows the certificate of another agency of the same authority. */
async function impostor() {
  const { tls } = await loadIdentity(stand.keys.identity(AGENCIES.halt.oin));
  const asked: string[] = [];
  const server = createServer(tls, (request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, asked, url: `https://localhost:${(server.address() as AddressInfo).port}` };
}

test('a server with a good certificate of another agency is told nothing', async () => {
  const { server, asked, url } = await impostor();
  const router = { url, oin: OPERATOR.oin, waitSeconds: 1 };
  const police = await stand.start('politie', { router });
  const { bericht } = await post(police.rooms, report());
  const row = () => police.rooms.store.outbox.get(bericht);
  await until('an attempt', () => (row()?.attempts ?? 0) > 0);
  assert.is(row()?.state, 'ingediend');
  assert.equal(asked, []);
  await police.stop();
  server.closeAllConnections();
  server.close();
});

test('a router whose certificate was revoked is not spoken to', async () => {
  const police = await stand.start('politie');
  const [tls] = stand.door.router.certificates(OPERATOR.oin, 'tls');
  const { judge } = police.rooms.trust;
  assert.not.throws(() => judge.call(police.rooms.trust, tls as never, use()));
  await stand.keys.authority.revoke(tls?.x5t ?? '', 'keyCompromise');
  await stand.keys.authority.writeCrls();
  await police.stop();
  const again = await stand.start('politie');
  const before = stand.door.requests.length;
  const { bericht } = await post(again.rooms, report());
  const row = () => again.rooms.store.outbox.get(bericht);
  await until('an attempt', () => (row()?.attempts ?? 0) > 0);
  assert.is(row()?.state, 'ingediend');
  assert.is(stand.door.requests.length, before);
});

const use = () => ({ use: 'tls' as const, at: stand.clock.now(), now: stand.clock.now() });

test.run();
