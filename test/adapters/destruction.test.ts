/** Destruction: the content is gone from every byte of the files, what remains proves it, and a repeat changes nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { needlesOf, search } from '../../adapters/destroy/prove.ts';
import { relatedTo } from '../../adapters/destroy/target.ts';
import { destroy } from '../../adapters/destroy.ts';
import { post } from '../../adapters/outlet.ts';
import { settle } from '../../adapters/settle.ts';
import { rotateKey } from '../../adapters/store/rotate.ts';
import { openMessage, summarise } from '../../adapters/view.ts';
import { verify } from '../../certs/verify.ts';
import { toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { report, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const ORDER = { medewerker: 'A. Rchief', grond: 'verzoek-betrokkene' } as const;
let here: Arrivals;
let vt: Agency;
let exchange: string;
test.before(async () => {
  here = await Arrivals.open();
  await here.vt.stop();
  exchange = join(here.stand.folder, 'uitwisseling');
  vt = await here.stand.start('vt', { folder: { path: exchange, pollSeconds: 1 } });
});
test.after(() => here.stand.close());

const id = (jti: Uuid7) => ({ sender: POLICE, jti });
const code = (error: { code?: string }) => error.code;
const refused = (work: Promise<unknown>) => work.then(() => 'nothing', code);

async function taken(claims = here.claims()): Promise<Uuid7> {
  const { jti } = await here.arrive(claims);
  await until('the file', () => existsSync(join(exchange, 'in', `${POLICE}-${jti}.json`)));
  const by = { medewerker: 'T. Riage', toelichting: 'De heer Kanarie woont hier' };
  await settle(vt.rooms, id(jti), {
    state: 'afgewezen',
    action: 'afgewezen',
    by,
    code: 'not-processable',
  });
  return jti;
}

test('the content is gone from the files: no ciphertext, no handed-down file, no certificate, no words', async () => {
  const { store } = vt.rooms;
  // Neighbours, so that pages are shared, split and merged.
  const [, jti] = [await taken(), await taken(), await taken()];
  const sealed = store.inbox.sealed(POLICE, jti);
  assert.ok(sealed);
  const [words] = store.actions.of(POLICE, jti);
  assert.is(words?.toelichting, 'De heer Kanarie woont hier');
  const needles = needlesOf([sealed]);
  const before = await search(store.files, needles);
  assert.ok(before.gevonden > 0, 'it was there, where the search looks');
  const done = await destroy(vt.rooms, id(jti), { ...ORDER, toelichting: 'op verzoek' });
  assert.equal([done.proof?.gevonden, done.proof?.leeggemaakt], [0, true]);
  assert.ok((done.proof?.stukken ?? 0) >= 10);
  assert.is((await search(store.files, needles)).gevonden, 0);
  assert.not.ok(existsSync(join(exchange, 'in', `${POLICE}-${jti}.json`)));
  assert.is(await refused(openMessage(vt.rooms, id(jti))), 'destroyed');
  const row = store.inbox.get(POLICE, jti);
  assert.is(row?.certificate.length, 0);
  assert.ok(row && summarise(vt.rooms, row).vernietigdOp);
  const acts = store.actions.of(POLICE, jti);
  assert.equal(
    acts.map(({ action, medewerker, toelichting }) => [action, medewerker, toelichting]),
    [
      ['afgewezen', 'T. Riage', undefined],
      ['vernietigd', 'A. Rchief', 'op verzoek'],
    ],
  );
});

test('the record is signed by the agency, holds traffic data alone, and is given again to who asks again', async () => {
  const jti = await taken();
  const { record } = await destroy(vt.rooms, id(jti), ORDER);
  const { router } = here.stand.door;
  const [certificate] = router.certificates(VT, 'authenticiteit');
  assert.ok(certificate);
  const { claims } = await verify(record.jws, TYP.destruction, () => certificate);
  const said = checkWire('vernietiging', claims);
  assert.equal([said.iss, said.afzender, said.bericht], [toUrn(VT), toUrn(POLICE), jti]);
  assert.is(said.dig, here.stored(jti)?.digest ?? vt.rooms.store.inbox.get(POLICE, jti)?.digest);
  const again = await destroy(vt.rooms, id(jti), { ...ORDER, grond: 'anders' });
  assert.is(again.record.jws, record.jws);
  assert.is(again.proof, undefined);
});

test('a repeat of what was destroyed is answered with its stored receipt, and not stored anew', async () => {
  const jti = await taken();
  const jws = vt.rooms.store.inbox.jws(POLICE, jti) ?? '';
  await here.answer(jti, 2);
  await destroy(vt.rooms, id(jti), ORDER);
  const receipts = vt.rooms.store.replies.of(POLICE, jti).map(({ digest }) => digest);
  const given = here.told(jti).length;
  await here.stand.door.router.deliver(jws, VT);
  const last = await here.answer(jti, given + 2);
  assert.is(last.staat, 'afgewezen');
  assert.equal(
    vt.rooms.store.replies.of(POLICE, jti).map(({ digest }) => digest),
    receipts,
  );
  assert.is(vt.rooms.store.inbox.sealed(POLICE, jti), undefined);
  assert.is(vt.rooms.store.handovers.of(POLICE, jti).length, 0);
});

test('what nobody has judged yet is not destroyed; what is not there neither', async () => {
  const { jti } = await here.arrive();
  await until('delivery', () => vt.rooms.store.inbox.get(POLICE, jti));
  assert.is(await refused(destroy(vt.rooms, id(jti), ORDER)), 'state-conflict');
  assert.ok((await openMessage(vt.rooms, id(jti))).bericht);
  assert.is(await refused(destroy(vt.rooms, id('nergens' as Uuid7), ORDER)), 'not-found');
});

test('corrections and withdrawals that belong to it are told, for a person to decide', async () => {
  const first = await taken();
  const second = await taken(here.claims({ vervangt: first }));
  assert.equal(relatedTo(vt.rooms, POLICE, first), [
    { bericht: second, relatie: 'vervangen-door', vernietigd: false },
  ]);
  await destroy(vt.rooms, id(first), ORDER);
  assert.equal(relatedTo(vt.rooms, POLICE, second), [
    { bericht: first, relatie: 'vervangt', vernietigd: true },
  ]);
});

test('the sender destroys what is settled, and not before', async () => {
  const police = await here.stand.start('politie');
  const { store } = police.rooms;
  here.stand.door.fault = (_, path) => (path === '/v1/berichten' ? { how: 'cut' } : undefined);
  const { bericht } = await post(police.rooms, report());
  const own = { sender: POLICE, jti: bericht };
  assert.is(await refused(destroy(police.rooms, own, ORDER)), 'state-conflict');
  here.stand.door.fault = () => undefined;
  here.stand.clock.move(3600);
  police.rooms.rings.outbox();
  await until('its end', () => store.outbox.get(bericht)?.state === 'afgerond');
  const sealed = store.outbox.sealed(bericht);
  assert.ok(sealed);
  const done = await destroy(police.rooms, own, { ...ORDER, grond: 'bewaartermijn' });
  assert.is(done.proof?.gevonden, 0);
  assert.is((await search(store.files, needlesOf([sealed]))).gevonden, 0);
  assert.is(store.outbox.get(bericht)?.state, 'afgerond', 'what became of it stays known');
});

test('a key that is rotated afterwards leaves what was destroyed alone', async () => {
  const jti = await taken();
  await destroy(vt.rooms, id(jti), ORDER);
  await vt.stop();
  const { store } = here.stand.config('vt');
  await rotateKey(store, () => undefined);
  vt = await here.stand.start('vt');
  assert.is(await refused(openMessage(vt.rooms, id(jti))), 'destroyed');
  assert.ok(readFileSync(store.path).length > 0);
});

test.run();
