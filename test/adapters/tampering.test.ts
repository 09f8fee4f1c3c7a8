/** Deliveries that are not what they should be: not delivered, answered, and kept as proof. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { receive } from '../../adapters/endpoint.ts';
import { digestOf } from '../../certs/digest.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import type { Mischief } from './fake-router.ts';

const [VT, HALT] = [AGENCIES.vt.oin, AGENCIES.halt.oin];
let here: Arrivals;
test.before(async () => {
  here = await Arrivals.open();
});
test.after(() => here.stand.close());
test.after.each(() => {
  delete here.stand.door.router.mischief.delivery;
});

type Delivery = NonNullable<Mischief['delivery']>;
const flipped = (jws: string): string => {
  const [head = '', body = '', signature = ''] = jws.split('.');
  const bytes = Buffer.from(body, 'base64url');
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
  return [head, bytes.toString('base64url'), signature].join('.');
};
const other = newUuid7(Date.now());
const TAMPERED: Record<string, Delivery> = {
  'a message changed on the way': (what) => ({ ...what, bericht: flipped(what.bericht) }),
  'changed, with a route note to fit': (what) => {
    const bericht = flipped(what.bericht);
    return { ...what, bericht, nota: { ...what.nota, dig: digestOf(bericht) } };
  },
  'a route note about another message': (what) => ({
    ...what,
    nota: { ...what.nota, bericht: other },
  }),
  'a route note about another digest': (what) => ({
    ...what,
    nota: { ...what.nota, dig: digestOf('x') },
  }),
  'a route note about another sender': (what) => ({
    ...what,
    nota: { ...what.nota, afzender: toUrn(HALT) },
  }),
  'a route note that names another recipient': (what) => ({
    ...what,
    nota: { ...what.nota, aud: toUrn(HALT) },
  }),
  'a route note by another than the router': (what) => ({
    ...what,
    nota: { ...what.nota, iss: toUrn(HALT) },
  }),
};
for (const [name, mischief] of Object.entries(TAMPERED)) {
  test(`${name}: not delivered, the sender is asked to offer it again, the proof is kept`, async () => {
    here.stand.door.router.mischief.delivery = mischief;
    const { jti } = await here.arrive();
    const fact = await here.answer(jti);
    assert.is(fact.staat, 'onleesbaar');
    assert.is(here.stored(jti), undefined);
    assert.ok(here.vt.rooms.store.evidence.list(100).some((one) => one.message === jti));
    delete here.stand.door.router.mischief.delivery;
    const { jws } = here.stand.door.router.records.get(jti) ?? { jws: '' };
    await here.stand.door.router.deliver(jws, VT);
    assert.is((await here.answer(jti, 2)).staat, 'afgeleverd');
  });
}

test('one sealed for a key that is not here is unreadable, and delivered when sealed anew', async () => {
  here.stand.door.router.mischief.delivery = (what) => ({ ...what, to: HALT });
  const { jti, jws } = await here.arrive();
  const fact = await here.answer(jti);
  assert.equal([fact.staat, fact.code], ['onleesbaar', 'unreadable']);
  delete here.stand.door.router.mischief.delivery;
  await here.stand.door.router.deliver(jws, VT);
  assert.is((await here.answer(jti, 2)).staat, 'afgeleverd');
});

test('a delivery of another agency, given on as ours, is not taken', async () => {
  const claims = here.claims({ aud: [toUrn(HALT)] });
  const { jti } = await here.arrive(claims);
  const fact = await here.answer(jti);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'wrongly-addressed']);
  assert.is(here.stored(jti), undefined);
});

test('one that the mailbox says is of another sender or id is not taken', async () => {
  for (const wrong of [{ afzender: HALT }, { bericht: newUuid7(1) }] as const) {
    here.stand.door.router.mischief.delivery = undefined as never;
    const { jti, jws } = await here.arrive();
    await here.answer(jti);
    const before = here.vt.rooms.store.inbox.list({
      state: null,
      type: null,
      limit: 200,
      offset: 0,
    }).length;
    const item = await here.stand.door.router.sealFor(jws, VT);
    assert.is(await receive(here.vt.rooms, { ...item, ...wrong }), 'refused');
    const after = here.vt.rooms.store.inbox.list({
      state: null,
      type: null,
      limit: 200,
      offset: 0,
    }).length;
    assert.is(after, before);
  }
});

test.run();
