/** Two adapters of one agency at once, each with a store of its own: every message reaches the system under one key. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { STATES } from '../../schemas/states.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { FakeSystem } from './fake-system.ts';
import { until } from './stand.ts';

const POLICE = AGENCIES.politie.oin;

test('what both collect is handed over under one key and answered the same; nothing is told as missing', async () => {
  const here = await Arrivals.open();
  await here.vt.stop();
  const { stand } = here;
  const system = await FakeSystem.open();
  const webhook = { url: system.url, timeoutSeconds: 5 };
  const { path, keyFile } = stand.config('vt').store;
  const place = (name: string) => ({
    webhook,
    store: { path: `${path}.${name}`, keyFile: `${keyFile}.${name}`, alone: false },
  });
  const [one, two] = [await stand.start('vt', place('a')), await stand.start('vt', place('b'))];
  const sent: string[] = [];
  for (let n = 0; n < 8; n++) sent.push((await here.arrive()).jti);
  const has = (agency: typeof one, jti: string) => agency.rooms.store.inbox.get(POLICE, jti);
  const taken = (jti: string) => system.count(jti) > 0;
  await until('all to be handed over', () => sent.every(taken));
  // A lease that ran out: the other one is given some of them, too.
  for (const jti of sent.slice(0, 4)) {
    const { router } = stand.door;
    const { jws = '' } = router.records.get(jti as never) ?? {};
    const other = has(one, jti) ? two : one;
    await until('the other to have it', async () => {
      if (!has(other, jti)) await router.deliver(jws, AGENCIES.vt.oin);
      return has(other, jti);
    });
    await until('it to be handed over by both', () => system.count(jti) >= 2);
  }
  const keysOf = (jti: string) =>
    system.calls
      .filter(({ body }) => body.bericht.jti === jti)
      .map(({ headers }) => headers['idempotency-key']);
  for (const jti of sent) assert.is(new Set(keysOf(jti)).size, 1, 'one key for one message');
  assert.is(new Set(sent.flatMap(keysOf)).size, sent.length, 'and for each its own');
  for (const jti of sent.slice(0, 4)) {
    await until('both to have said', () => here.told(jti).length >= 4);
    const facts = here.told(jti);
    assert.equal([...new Set(facts.map(({ staat }) => staat))].sort(), ['afgeleverd', 'verwerkt']);
    assert.is(new Set(facts.map(({ dig }) => dig)).size, 1);
    assert.ok(facts.every(({ staat }) => STATES[staat].settles));
  }
  for (const agency of [one, two]) assert.is(agency.rooms.store.missing.count(), 0);
  await stand.close();
  await system.close();
});

test.run();
