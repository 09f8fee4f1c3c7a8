/** How a message gets to the router: through faults, under one id, until it is certain. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { post } from '../../adapters/outlet.ts';
import { type Track, trackOf } from '../../adapters/track.ts';
import { toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { AGENCIES } from '../town/agencies.ts';
import type { Fault } from './fake-door.ts';
import { openStand, report, type Stand, until } from './stand.ts';

let stand: Stand;
let police: Agency;
test.before(async () => {
  stand = await openStand();
  police = await stand.start('politie');
});
test.after(() => stand.close());
test.after.each(async () => {
  stand.door.fault = () => undefined;
  await letRest();
  for (const name of Object.keys(stand.door.router.mischief)) {
    delete stand.door.router.mischief[name as keyof typeof stand.door.router.mischief];
  }
});

function track(jti: string): Track {
  const row = police.rooms.store.outbox.get(jti);
  if (row === undefined) throw new Error('not sent');
  return trackOf(police.rooms, row);
}
const reaches = (jti: string, staat: string) =>
  until(staat, () => (track(jti).staat === staat ? track(jti) : undefined));

/** What one test left under way would be offered in the next, where the clock is put forward. */
async function letRest(): Promise<void> {
  const { outbox } = police.rooms.store;
  const rows = outbox.list({ state: null, before: null, limit: 200 });
  await police.rooms.store.write(() => {
    for (const row of rows) outbox.progress(row.jti, { ...row, nextAt: null });
  });
}

/** Puts the clock forward and wakes the outbox, as time would. */
function later(seconds: number): void {
  stand.clock.move(seconds);
  police.rooms.rings.outbox();
}

/** The first so many submissions go wrong. */
function failing(fault: Fault, times: number): () => number {
  let count = 0;
  stand.door.fault = (method, path) => {
    if (`${method} ${path}` !== 'POST /v1/berichten') return undefined;
    count += 1;
    return count <= times ? fault : undefined;
  };
  return () => count;
}

for (const [name, fault] of Object.entries({
  'a broken connection': { how: 'cut' },
  'an answer that is lost': { how: 'mute' },
  'a proxy that speaks up': { how: 'answer', status: 502, body: '<html>' },
  'a success without a receipt': { how: 'answer', status: 202, body: '{"staat":"aanvaard"}' },
} as const)) {
  test(`${name} is followed by the same message under the same id`, async () => {
    const count = failing(fault, 2);
    const { bericht } = await post(police.rooms, report());
    await until('first attempt', () => track(bericht).pogingen === 1);
    assert.is(track(bericht).staat, 'ingediend');
    later(2);
    await until('second attempt', () => track(bericht).pogingen === 2);
    later(7);
    await reaches(bericht, 'aanvaard');
    assert.is(count(), 3);
    assert.is([...stand.door.router.records.keys()].filter((jti) => jti === bericht).length, 1);
  });
}

test('an attempt does not come before its time', async () => {
  const count = failing({ how: 'cut' }, 1);
  const { bericht } = await post(police.rooms, report({ prio: 'normaal' }));
  await until('first attempt', () => track(bericht).pogingen === 1);
  const wait = Date.parse(track(bericht).volgendePoging ?? '') - stand.clock.now();
  assert.ok(wait > 3_000 && wait < 6_100, `waits ${wait} ms`);
  police.rooms.rings.outbox();
  assert.is(count(), 1);
  later(6);
  await reaches(bericht, 'aanvaard');
});

test('the router may ask for more time than our own step', async () => {
  failing(
    {
      how: 'answer',
      status: 429,
      body: '{"code":"too-many-requests"}',
      headers: { 'retry-after': '120' },
    },
    1,
  );
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => track(bericht).pogingen === 1);
  assert.is(track(bericht).laatsteCode, 'too-many-requests');
  assert.ok(Date.parse(track(bericht).volgendePoging ?? '') - stand.clock.now() > 100_000);
  later(121);
  await reaches(bericht, 'aanvaard');
});

test('a final refusal, signed, is kept with every fault', async () => {
  const faults = [{ plaats: '/inhoud/x', melding: 'is required' }];
  stand.door.router.mischief.refuse = () => new Refusal('schema-invalid', undefined, faults);
  const { bericht } = await post(police.rooms, report());
  const told = await reaches(bericht, 'geweigerd');
  assert.equal((told.probleem as { errors: unknown }).errors, faults);
  assert.not.ok(told.volgendePoging);
  assert.equal(
    told.tijdlijn.map(({ staat }) => staat),
    ['ingediend', 'geweigerd'],
  );
});

test('a refusal that nobody signed ends nothing: a stolen door could say it', async () => {
  failing({ how: 'answer', status: 413, body: '{"code":"too-large"}' }, 1);
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => track(bericht).pogingen === 1);
  assert.is(track(bericht).staat, 'ingediend');
  assert.is(track(bericht).laatsteCode, 'too-large');
  later(2);
  await reaches(bericht, 'aanvaard');
});

for (const code of ['bad-request', 'issuer-mismatch'] as const) {
  test(`a signed ${code} ends nothing: it speaks of who brought the message, and where`, async () => {
    stand.door.router.mischief.refuse = () => new Refusal(code);
    const { bericht } = await post(police.rooms, report());
    await until('first attempt', () => track(bericht).pogingen === 1);
    assert.is(track(bericht).laatsteCode, code);
    delete stand.door.router.mischief.refuse;
    later(2);
    await reaches(bericht, 'aanvaard');
  });
}

test('what the door says of the connection is not taken for a word about the message', async () => {
  failing({ how: 'answer', status: 401, body: '{"code":"not-authenticated"}' }, 1);
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => track(bericht).pogingen === 1);
  assert.is(track(bericht).staat, 'ingediend');
  assert.is(track(bericht).laatsteCode, 'not-authenticated');
  later(2);
  await reaches(bericht, 'aanvaard');
});

test('an acceptance that leaves out a named recipient is none', async () => {
  stand.door.router.mischief.acceptance = (fact) => ({
    ...fact,
    ontvangers: fact.ontvangers?.slice(1) ?? [],
  });
  const { bericht } = await post(
    police.rooms,
    report({ aan: [AGENCIES.vt.oin, AGENCIES.rvdk.oin] }),
  );
  await until('first attempt', () => track(bericht).pogingen === 1);
  assert.is(track(bericht).staat, 'ingediend');
  assert.is(track(bericht).laatsteCode, 'receipt-invalid');
  assert.ok(police.rooms.store.evidence.list(10).some(({ kind }) => kind === 'ontvangstbewijs'));
});

test('an acceptance that adds a recipient whom nobody named is none', async () => {
  stand.door.router.mischief.acceptance = (fact) => ({
    ...fact,
    ontvangers: [...(fact.ontvangers ?? []), toUrn(AGENCIES.halt.oin)],
  });
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => track(bericht).pogingen === 1);
  assert.is(track(bericht).staat, 'ingediend');
  assert.is(track(bericht).laatsteCode, 'receipt-invalid');
});

test('an acceptance about other bytes is none', async () => {
  stand.door.router.mischief.acceptance = (fact) => ({
    ...fact,
    dig: 'A'.repeat(43) as typeof fact.dig,
  });
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => track(bericht).pogingen === 1);
  assert.is(track(bericht).staat, 'ingediend');
});

test('accepted and not collected: offered again, and told when the end has come', async () => {
  const { bericht } = await post(
    police.rooms,
    report({ aan: [AGENCIES.halt.oin], geldigTot: soon(3600) }),
  );
  await reaches(bericht, 'aanvaard');
  later(13);
  await until('a second offer', () => stand.door.router.offers.get(bericht) === 2);
  later(3600);
  await until(
    'no more offers',
    () => Date.parse(track(bericht).volgendePoging ?? '') > stand.clock.now(),
  );
  later(700);
  const told = await reaches(bericht, 'verlopen');
  assert.is(told.tijdlijn.at(-1)?.staat, 'verlopen');
  assert.is(told.ontvangers[0]?.staat, 'wacht');
});

test('a receipt that comes after the end wins', async () => {
  const { bericht } = await post(
    police.rooms,
    report({ aan: [AGENCIES.rvdk.oin], geldigTot: soon(60) }),
  );
  await reaches(bericht, 'aanvaard');
  later(700);
  await reaches(bericht, 'verlopen');
  await stand.start('rvdk');
  const told = await reaches(bericht, 'afgerond');
  assert.is(told.ontvangers[0]?.staat, 'afgeleverd');
});

test('after a restart the outbox goes on where it was', async () => {
  const count = failing({ how: 'cut' }, 1);
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => track(bericht).pogingen === 1);
  await police.stop();
  stand.clock.move(5);
  police = await stand.start('politie');
  await reaches(bericht, 'aanvaard');
  assert.is(count(), 2);
});

test('the same id and content again get the same answer; other content does not', async () => {
  const { bericht, conversatie } = await post(police.rooms, report());
  await reaches(bericht, 'aanvaard');
  stand.clock.move(60);
  assert.equal(await post(police.rooms, report({ jti: bericht })), {
    bericht,
    conversatie,
    staat: 'ingediend',
  });
  await post(police.rooms, report({ jti: bericht, prio: 'normaal' })).then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'id-reused'),
  );
  assert.is(stand.door.router.offers.get(bericht), 1);
});

test('what was in time when it was handed in is not late when it is handed in again', async () => {
  const geldigTot = new Date(stand.clock.now() + 120_000).toISOString();
  const first = await post(police.rooms, report({ geldigTot }));
  stand.clock.move(180);
  const again = await post(police.rooms, report({ jti: first.bericht, geldigTot }));
  stand.clock.move(-180);
  assert.equal(again, first);
});

test('urgent messages do not wait behind many others', async () => {
  stand.door.fault = (method, path) =>
    `${method} ${path}` === 'POST /v1/berichten' ? { how: 'answer', status: 503 } : undefined;
  const many = await Promise.all(
    Array.from({ length: 40 }, () => post(police.rooms, report({ prio: 'normaal' }))),
  );
  stand.door.fault = () => undefined;
  const { bericht } = await post(police.rooms, report());
  await reaches(bericht, 'aanvaard');
  assert.ok(many.some((one) => track(one.bericht).staat === 'ingediend'));
});

const soon = (seconds: number): string =>
  new Date(stand.clock.now() + seconds * 1000).toISOString();

test.run();
