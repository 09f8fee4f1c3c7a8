import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../../adapters/agency.ts';
import { post } from '../../../adapters/outlet.ts';
import { settle } from '../../../adapters/settle.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { FakeSystem } from '../fake-system.ts';
import { openStand, report, type Stand, until } from '../stand.ts';

const POLICE = AGENCIES.politie.oin;
let stand: Stand;
let system: FakeSystem;
let police: Agency;
let vt: Agency;
test.before(async () => {
  stand = await openStand();
  system = await FakeSystem.open();
  police = await stand.start('politie');
  vt = await startVt();
});
test.after(async () => {
  await stand.close();
  await system.close();
});
test.before.each(() => {
  system.answer = () => 200;
  system.headers = {};
});

const startVt = () => stand.start('vt', { webhook: { url: system.url, timeoutSeconds: 1 } });
const send = async () => (await post(police.rooms, report())).bericht;
const state = (jti: string) => vt.rooms.store.inbox.get(POLICE, jti)?.state;
const handover = (jti: string) => vt.rooms.store.handovers.of(POLICE, jti)[0];
const tries = (jti: string, count: number) =>
  until(`${count} tries`, () => (handover(jti)?.attempts === count ? handover(jti) : undefined));
function later(seconds: number): void {
  stand.clock.move(seconds);
  vt.rooms.rings.handovers();
}

test('a message is handed over opened, with its key, and stated processed', async () => {
  const jti = await send();
  await until('verwerkt', () => state(jti) === 'verwerkt');
  const call = system.calls.find((one) => one.body.bericht.jti === jti);
  assert.ok(call?.body.afzender.geverifieerd);
  assert.equal(call?.body.bericht.inhoud, report()['inhoud']);
  assert.match(String(call?.headers['idempotency-key']), /^[\w-]{43}$/);
  await until(
    'the sender to know',
    () => police.rooms.store.outbox.recipients(jti)[0]?.state === 'verwerkt',
  );
  assert.is(system.count(jti), 1);
});

for (const wrong of [500, 429, 408, 'hang', 'cut'] as const) {
  test(`${wrong}: tried again later, with the same key, until it is taken`, async () => {
    let count = 0;
    system.answer = () => (++count <= 2 ? wrong : 204);
    const jti = await send();
    await tries(jti, 1);
    assert.is(state(jti), 'afgeleverd');
    later(2);
    await tries(jti, 2);
    later(7);
    await until('verwerkt', () => state(jti) === 'verwerkt');
    const keys = system.calls
      .filter((one) => one.body.bericht.jti === jti)
      .map((one) => one.headers['idempotency-key']);
    assert.is(keys.length, 3);
    assert.is(new Set(keys).size, 1);
  });
}

test('the system may ask for time', async () => {
  system.answer = () => 503;
  system.headers = { 'retry-after': '600' };
  const jti = await send();
  const { nextAt } = await tries(jti, 1);
  assert.ok(nextAt - stand.clock.now() > 500_000);
});

for (const status of [400, 404, 410, 422]) {
  test(`${status}: waits for a person, who can have it handed over again`, async () => {
    system.answer = () => status;
    const jti = await send();
    const stuck = await tries(jti, 1);
    assert.equal([stuck.state, stuck.status], ['mens', status]);
    later(60);
    assert.is(system.count(jti), 1);
    assert.is(state(jti), 'afgeleverd');
    system.answer = () => 200;
    const { store } = vt.rooms;
    await store.write(() => store.handovers.progress({ ...stuck, state: 'wacht', nextAt: 0 }));
    vt.rooms.rings.handovers();
    await until('verwerkt', () => state(jti) === 'verwerkt');
  });
}

test('a redirect is not followed: the data goes to the configured address alone', async () => {
  const elsewhere = await FakeSystem.open();
  system.answer = () => 307;
  system.headers = { location: elsewhere.url };
  const jti = await send();
  assert.is((await tries(jti, 1)).state, 'mens');
  assert.is(elsewhere.calls.length, 0);
  await elsewhere.close();
});

test('what was not handed over before a stop is handed over after it', async () => {
  system.answer = () => 503;
  const jti = await send();
  await tries(jti, 1);
  await vt.stop();
  system.answer = () => 200;
  stand.clock.move(2);
  vt = await startVt();
  await until('verwerkt', () => state(jti) === 'verwerkt');
  assert.is(system.count(jti), 2);
});

test('a person who rejected it while the system took it is not overruled', async () => {
  const id = { sender: POLICE, jti: '' };
  let rejected: Promise<unknown> = Promise.resolve();
  system.answer = ({ body }) => {
    id.jti = body.bericht.jti;
    const how = {
      state: 'afgewezen',
      action: 'afgewezen',
      by: { medewerker: 'T. Riage' },
      code: 'not-processable',
    } as const;
    rejected = settle(vt.rooms, id, how);
    return 200;
  };
  const jti = await send();
  await until('the end', () => handover(jti)?.state === 'gelukt');
  await rejected.catch(() => undefined);
  assert.ok(['afgewezen', 'verwerkt'].includes(state(jti) ?? ''));
  assert.is(vt.rooms.store.replies.of(POLICE, jti).length, 2, 'one of the two, after afgeleverd');
});

test.run();
