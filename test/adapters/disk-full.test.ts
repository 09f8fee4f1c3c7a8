/** A store without room: nothing is lost, nothing is signed for what is not on the disk, and it recovers by itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { EvidenceRow } from '../../adapters/store/evidence.ts';
import { openStore } from '../../adapters/store/store.ts';
import { newUuid7, toNoteId } from '../../schemas/ids.ts';
import type { Problem } from '../../schemas/problem.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { report, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
let here: Arrivals;
test.before.each(async () => {
  here = await Arrivals.open();
});
test.after.each(() => here.stand.close());

test('a recipient whose disk is full signs nothing; when there is room it takes what waited, once', async () => {
  const { vt, stand } = here;
  const { store } = vt.rooms;
  const first = await here.arrive();
  await here.answer(first.jti);
  store.space.limit(1);
  const sent = await Promise.all([here.arrive(), here.arrive(), here.arrive()]);
  await until('it to be full', () => store.space.full);
  for (const { jti } of sent) {
    assert.is(here.stored(jti), undefined);
    assert.equal(here.told(jti), [], 'no receipt for what is not on the disk');
  }
  assert.ok(stand.log.some((line) => line.includes('the disk is full')));
  store.space.limit(undefined);
  await until('room', () => {
    vt.rooms.rings.watch();
    return !store.space.full;
  });
  await until('the rest', () => {
    stand.door.router.mail.giveAgain();
    return here.count === 4;
  });
  for (const { jti } of sent) assert.is((await here.answer(jti)).staat, 'afgeleverd');
  assert.ok(stand.log.some((line) => line.includes('there is room on the disk again')));
});

test('the local API says 507 and its health says so, until there is room', async () => {
  const tokenFile = join(here.stand.folder, 'politie', 'token');
  const police = await here.stand.start('politie', {
    rest: { host: '127.0.0.1', port: 0, tokenFile },
  });
  const { store } = police.rooms;
  store.space.limit(1);
  const headers = {
    authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
    'content-type': 'application/json',
  };
  const draft = { jti: newUuid7(Date.now()), ...report() };
  const hand = () =>
    fetch(`${police.rest}/v1/berichten`, { method: 'POST', headers, body: JSON.stringify(draft) });
  const refused = await hand();
  assert.is(refused.status, 507);
  const problem = (await refused.json()) as Problem;
  assert.equal([problem.code, problem.opnieuw], ['storage-full', true]);
  const health = await fetch(`${police.rest}/healthz`);
  assert.equal([health.status, await health.json()], [503, { status: 'storage-full' }]);
  assert.is(store.outbox.get(draft.jti), undefined);
  store.space.limit(undefined);
  await until('health', async () => {
    police.rooms.rings.watch();
    const { status } = await fetch(`${police.rest}/healthz`);
    return status === 200;
  });
  assert.is((await hand()).status, 202);
  await until('arrival', () => here.vt.rooms.store.inbox.get(POLICE, draft.jti));
});

test('a bound of its own holds at the next start, too', async () => {
  const config = here.stand.config('halt').store;
  openStore(config, VT).close();
  const store = openStore({ ...config, maxBytes: 1 }, VT);
  const error = await store
    .write(() => store.evidence.add(proof(), 'x'.repeat(100_000)))
    .then(
      () => undefined,
      (cause) => cause as { code?: string },
    );
  assert.is(error?.code, 'storage-full');
  store.close();
});

const proof = (): EvidenceRow => ({
  digest: 'd',
  kind: 'aflevering',
  at: 1,
  code: 'malformed',
  sender: null,
  message: null,
});

test('one who asks too much does not take the others along', async () => {
  const config = here.stand.config('halt').store;
  const store = openStore(config, VT);
  store.space.limit(1);
  const small = toNoteId(VT, newUuid7(1));
  const results = await Promise.allSettled([
    store.write(() => store.receipts.see(small)),
    store.write(() => store.evidence.add(proof(), 'x'.repeat(1_000_000))),
    store.write(() => store.receipts.see(small)),
  ]);
  assert.equal(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  store.close();
});

test.run();
