/**
 * A fall between any two writes of a begin, an end, a closed case and a lost right: done again it is
 * begun or ended once, the ledger knows, its deadline runs. And several pipelines that know the same.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proveStatement } from '../../../router/prove-statement.ts';
import type { Rooms } from '../../../router/rooms.ts';
import { route } from '../../../router/route.ts';
import { acceptSubscriptionStatement } from '../../../router/subscriptions/accept-statement.ts';
import { endSubscription } from '../../../router/subscriptions/end-subscription.ts';
import { keepSubscription } from '../../../router/subscriptions/keep-subscription.ts';
import { noteLeftOut } from '../../../router/subscriptions/note-left-out.ts';
import { showSubscription } from '../../../router/subscriptions/show.ts';
import type { EndReason } from '../../../router/subscriptions/subscription.ts';
import { keyOfSubscription, SUBSCRIPTION } from '../../../router/subscriptions/subscription-key.ts';
import { CASE_CLOSED } from '../../../schemas/case-events.ts';
import { newUuid7, type Uuid, type Uuid7 } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { TYP } from '../../../schemas/typ.ts';
import { checkWire } from '../../../schemas/validate.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { actOnDue, openNow } from '../due.ts';
import { type Fall, Falls } from '../falls.ts';
import { changing, type House, openHouse, type RunningPipeline } from '../house.ts';
import { accepted, eventBody, type Player } from '../player.ts';
import { newCase, type Subscriber, subscriberOf, tell } from './subscriber.ts';

const TO_OM = 'wmo-5.1.6.2';
/** A basis on which nobody tells the prosecutor anything. */
const WITHOUT_OM = 'wmo-4.1.1.2.e';
/** A role that no rule tells anything on that basis. */
const WITHOUT = ['gi'];

let house: House;
let falling: RunningPipeline;
let om: Player;
let vt: Player;
let sub: Subscriber;
const falls = new Falls();
test.before(async () => {
  house = await openHouse();
  // Only what the test gives to it goes through the one that falls.
  const deaf = async () => async () => undefined;
  falling = await house.pipeline((bus) => ({ ...falls.wrap(bus), serve: deaf }));
  [om, vt] = await Promise.all([house.agency('om'), house.agency('vt')]);
  sub = subscriberOf(house, om);
});
test.after(async () => {
  await falling.stop();
  await house.stop();
});

/** One thing to do, first by a pipeline that falls and then by one that is well. */
interface Deed {
  readonly id: Uuid7;
  fall(): Promise<unknown>;
  again(): Promise<unknown>;
  readonly ends?: EndReason;
}

const known = (pipeline: RunningPipeline, id: Uuid7) =>
  until('the other pipeline to know', async () =>
    (await pipeline.rooms.subscriptions.of(om.oin)).some((one) => one.id === id && !one.einde),
  );

async function begun(zaak: Uuid): Promise<Uuid7> {
  const id = await sub.begin({ zaak, grondslag: TO_OM });
  await known(falling, id);
  return id;
}

/** An event, signed once, that both pipelines are offered. */
async function event(zaak: Uuid, type: string) {
  const inhoud = { ...eventBody(vt.oin).inhoud, subject: zaak, type };
  const about = { berichttype: 'zaak-gebeurtenis', prio: 'normaal', zaak, inhoud } as const;
  const claims = vt.claims({ ...about, grondslag: TO_OM });
  const jws = await vt.sign(claims);
  const prio = 'normaal' as const;
  const offered = async () => ({ jwe: Buffer.from(await vt.seal(jws)), peer: vt.oin, prio });
  return {
    ...{ jws, jti: claims.jti, exp: claims.exp },
    fall: async () => route(falling.rooms, await offered()),
    again: async () => route(house.rooms, await offered()),
  };
}

const DEEDS: Readonly<Record<string, () => Promise<Deed>>> = {
  async begin() {
    const id = newUuid7(house.clock.now());
    const jws = await sub.statement({ abonnement: id, zaak: newCase(), grondslag: TO_OM });
    const act = ({ rooms }: RunningPipeline) => acceptSubscriptionStatement(rooms, om.oin, jws);
    return { id, fall: () => act(falling), again: () => act(house) };
  },
  async end() {
    const id = await begun(newCase());
    const jws = await sub.statement({ abonnement: id, handeling: 'einde' });
    const act = ({ rooms }: RunningPipeline) => acceptSubscriptionStatement(rooms, om.oin, jws);
    return { id, fall: () => act(falling), again: () => act(house), ends: 'opgezegd' };
  },
  async deadline() {
    const id = await begun(newCase());
    const key = keyOfSubscription(om.oin, id);
    const act = ({ rooms }: RunningPipeline) => {
      const clock = { now: () => house.clock.now() + 367 * 86_400_000 };
      return keepSubscription({ ...rooms, clock }, { key, kind: SUBSCRIPTION, due: 0, data: {} });
    };
    return { id, fall: () => act(falling), again: () => act(house), ends: 'eind' };
  },
  async 'closed case'() {
    const zaak = newCase();
    const id = await begun(zaak);
    return { id, ...(await event(zaak, CASE_CLOSED)), ends: 'zaak-afgesloten' };
  },
};

async function check({ id, ends }: Deed, what: string): Promise<void> {
  const found = await house.rooms.subscriptions.find(om.oin, id);
  assert.is(found?.einde?.reden, ends, what);
  const told = (await house.ledger('abonnement'))
    .filter(
      ({ abonnement, handeling }) => abonnement === id && handeling === (ends ? 'einde' : 'begin'),
    )
    .map(({ reden }) => reden);
  assert.ok(told.length >= 1 && told.length <= 2 && told.every((reden) => reden === ends), what);
  const open = (await openNow(house.rooms, SUBSCRIPTION)).filter(({ key }) => key.endsWith(id));
  assert.is(open.length, 1, `${what}: one deadline`);
}

for (const [name, make] of Object.entries(DEEDS))
  test(`${name}: a fall at any write of it, and it is done once`, async () => {
    falls.again();
    const well = await make();
    await well.fall();
    const writes = falls.count;
    assert.ok(writes >= 3, `${writes} writes`);
    await check(well, 'without a fall');
    const all: Fall[] = [false, true].flatMap((done) =>
      Array.from({ length: writes }, (_, at) => ({ at: at + 1, done })),
    );
    for (const fall of all) {
      const deed = await make();
      falls.again(fall);
      await deed.fall().catch(() => undefined);
      await deed.again();
      await check(deed, `${fall.done ? 'after' : 'before'} ${falls.names[fall.at - 1]} ${fall.at}`);
    }
  });

test('a refused begin: wherever it falls the refusal is in the ledger, and once more at most', async () => {
  const refused = (id: Uuid7) =>
    sub.statement({ abonnement: id, zaak: newCase(), grondslag: WITHOUT_OM });
  const offer = ({ rooms }: RunningPipeline, jws: string) =>
    acceptSubscriptionStatement(rooms, om.oin, jws).then(
      () => 'begun',
      ({ code }: Refusal) => code,
    );
  for (const fall of [
    ...[undefined, { at: 1, done: false }, { at: 1, done: true }],
    ...[
      { at: 2, done: false },
      { at: 2, done: true },
    ],
  ]) {
    const id = newUuid7(house.clock.now());
    const jws = await refused(id);
    falls.again(fall);
    await offer(falling, jws);
    assert.is(falls.count, fall?.at === 1 ? 1 : 2, 'the ledger, then the note');
    for (let n = 0; n < 2; n++) assert.is(await offer(house, jws), 'not-authorised');
    const told = (await house.ledger('abonnement')).filter(({ abonnement }) => abonnement === id);
    const twice = fall !== undefined && (fall.at === 1 ? fall.done : !fall.done);
    assert.is(told.length, twice ? 2 : 1);
  }
});

test('closed while its only subscriber is suspended: a fall at any write of it, and it has ended once', async () => {
  const MOST_WRITES = 8;
  const all: Fall[] = [false, true].flatMap((done) =>
    Array.from({ length: MOST_WRITES }, (_, at) => ({ at: at + 1, done })),
  );
  const deeds: [Fall | undefined, Deed][] = [];
  for (const fall of [undefined, ...all]) {
    const zaak = newCase();
    const id = await begun(zaak);
    deeds.push([fall, { id, ...(await event(zaak, CASE_CLOSED)), ends: 'zaak-afgesloten' }]);
  }
  await change({ status: 'geschorst' });
  const { version } = house.rooms.registry;
  await until('both to know of it', () => falling.rooms.registry.version === version);
  let writes = 0;
  for (const [fall, deed] of deeds) {
    falls.again(fall);
    await deed.fall();
    writes = Math.max(writes, falls.count);
    await deed.again();
    await check(deed, `${fall?.done ? 'after' : 'before'} ${fall?.at}: ${falls.names}`);
  }
  assert.ok(writes >= 5 && writes <= MOST_WRITES, `${writes} writes`);
  await change({ status: 'actief' });
});

test('events left out of, counted by two pipelines at once while it ends: none is lost, nor the end', async () => {
  const id = await begun(newCase());
  const found = await house.rooms.subscriptions.find(om.oin, id);
  assert.ok(found);
  falls.again();
  await Promise.all([
    ...Array.from({ length: 6 }, (_, n) =>
      noteLeftOut((n % 2 ? house : falling).rooms, new Map([[om.oin, [id]]]), [om.oin]),
    ),
    endSubscription(falling.rooms, found, 'zaak-afgesloten'),
  ]);
  const after = await house.rooms.subscriptions.find(om.oin, id);
  assert.equal([after?.overgeslagen?.aantal, after?.einde?.reden], [6, 'zaak-afgesloten']);
});

test('many events left out of at once are counted one after the other: none tries in vain', async () => {
  const [id, MANY] = [await begun(newCase()), 20];
  const named = new Map([[om.oin, [id]]]);
  falls.again();
  await Promise.all(
    Array.from({ length: MANY }, () => noteLeftOut(falling.rooms, named, [om.oin])),
  );
  assert.is(falls.count, MANY, 'writes');
  const after = await house.rooms.subscriptions.find(om.oin, id);
  assert.is(after?.overgeslagen?.aantal, MANY);
});

test('the same statement, judged by two pipelines in the same moment: what was noted first is its answer', async () => {
  const refuse = async () => {
    throw new Refusal('not-authorised', undefined, [], 'statement');
  };
  const allow = async () => undefined;
  const codeOf = (work: Promise<void>) =>
    work.then(
      () => 'done',
      ({ code }: Refusal) => code,
    );
  for (const [first, second, code] of [
    [allow, refuse, 'done'],
    [refuse, allow, 'not-authorised'],
  ] as const) {
    const jws = await sub.statement({ zaak: newCase(), grondslag: TO_OM });
    const proven = ({ rooms }: RunningPipeline) =>
      proveStatement(rooms, {
        ...{ jws, peer: om.oin, typ: TYP.subscription },
        read: (value) => checkWire('abonnement', value),
      });
    const [one, other] = [await proven(house), await proven(falling)];
    falls.again();
    const slow = other.once(async () => {
      assert.is(await codeOf(one.once(first)), code);
      await second();
    });
    assert.is(await codeOf(slow), code);
    assert.is(await codeOf(one.once(second)), code, 'said again');
  }
});

const copies = (jti: string) => house.rooms.bus.log('MAILBOX').count(`mailbox.v1.*.*.*.${jti}`);

/** A pipeline that has not heard of any later register. */
async function staleRooms(): Promise<{ rooms: Rooms; stop: () => Promise<void> }> {
  const deaf = async () => async () => undefined;
  const pipeline = await house.pipeline((bus) => ({ ...bus, serve: deaf }));
  const registry = pipeline.rooms.registry;
  const rooms = new Proxy(pipeline.rooms, {
    get: (all, name, self) => (name === 'registry' ? registry : Reflect.get(all, name, self)),
  });
  return { rooms, stop: () => pipeline.stop() };
}
const change = (to: object) => house.register(changing(om.oin, (draft) => ({ ...draft, ...to })));

test('a closed case that is offered again ends no subscription that began after it', async () => {
  const zaak = newCase();
  await begun(zaak);
  const closing = await event(zaak, CASE_CLOSED);
  accepted((await closing.again()) as never);
  const next = await begun(zaak);
  const ontvangstbewijs = await om.receipt(closing.jws, 'onleesbaar', {
    fact: { code: 'decryption-failed' },
  });
  assert.ok((await om.ask('receipt', { peer: om.oin, ontvangstbewijs })).ok);
  accepted((await closing.again()) as never);
  assert.is(await copies(closing.jti), 1, 'sealed anew');
  const state = async (id: Uuid7) => (await house.rooms.subscriptions.find(om.oin, id))?.einde;
  assert.is(await state(next), undefined);

  // It fell with its first copy: what began before it ends, what began since does not.
  const other = newCase();
  const before = await begun(other);
  const late = await event(other, CASE_CLOSED);
  falls.again({ at: 5, done: false });
  await late.fall();
  house.clock.ahead = 1_000;
  const after = await begun(other);
  accepted((await late.again()) as never);
  house.clock.ahead = 0;
  assert.is((await state(before))?.reden, 'zaak-afgesloten');
  assert.is(await state(after), undefined);
});

test('three pipelines: what one was told all of them know, and each event comes once', async () => {
  const more = [await house.pipeline(), await house.pipeline()];
  try {
    const zaak = newCase();
    const id = await sub.begin({ zaak, grondslag: TO_OM });
    for (const pipeline of [house, ...more]) await known(pipeline, id);
    const sent = await Promise.all(
      Array.from({ length: 12 }, () => tell(vt, { zaak, grondslag: TO_OM })),
    );
    for (const answer of sent) assert.equal(accepted(answer).ontvangers, [om.oin]);
    const ids = sent.map(({ claims }) => claims.jti).sort();
    assert.equal([...(await sub.pulled(id))].sort(), ids);
    await Promise.all(
      Array.from({ length: 6 }, async () => sub.say({ abonnement: id, handeling: 'einde' })),
    );
    await until('all to know of the end', async () => {
      const all = await Promise.all(
        [house, ...more].map(({ rooms }) => rooms.subscriptions.of(om.oin)),
      );
      return all.every((some) => some.find((one) => one.id === id)?.einde !== undefined);
    });
    for (let n = 0; n < 6; n++)
      assert.is(
        (await tell(vt, { zaak, grondslag: TO_OM })).ok,
        false,
        'none knows of it any more',
      );
  } finally {
    for (const pipeline of more) await pipeline.stop();
  }
});

test('a right that is lost while events come by all pipelines ends it, and nothing comes after', async () => {
  const more = [await house.pipeline(), await house.pipeline()];
  try {
    const zaak = newCase();
    const id = await sub.begin({ zaak, grondslag: TO_OM });
    for (const pipeline of [house, ...more]) await known(pipeline, id);
    await house.register(changing(AGENCIES.om.oin, (draft) => ({ ...draft, rollen: WITHOUT })));
    const { version } = house.rooms.registry;
    await until('all to have the register', () =>
      more.every(({ rooms }) => rooms.registry.version === version),
    );
    const sent = await Promise.all(
      Array.from({ length: 9 }, () => tell(vt, { zaak, grondslag: TO_OM })),
    );
    assert.ok(sent.every(({ ok }) => !ok));
    const found = await house.rooms.subscriptions.find(om.oin, id);
    assert.is(found?.einde?.reden, 'geen-recht');
    assert.equal(await sub.pull(id), 'subscription-ended');
  } finally {
    for (const pipeline of more) await pipeline.stop();
  }
});

test('a pipeline with an older register leaves it out of this event, and ends nothing for good', async () => {
  await change({ rollen: WITHOUT });
  const stale = await staleRooms();
  await change({ rollen: ['om'] });
  const zaak = newCase();
  const id = await begun(zaak);
  const { jws } = await event(zaak, CASE_CLOSED);
  try {
    await until('the stale one to know of it', async () =>
      (await stale.rooms.subscriptions.of(om.oin)).some((one) => one.id === id),
    );
    const jwe = Buffer.from(await vt.seal(jws));
    const answer = await route(stale.rooms, { jwe, peer: vt.oin, prio: 'normaal' });
    assert.is(!answer.ok && answer.problem.code, 'recipient-unknown');
    const shown = await showSubscription(stale.rooms, om.oin, id);
    assert.is(shown.staat, 'loopt', 'nor when it is looked at there');
  } finally {
    await stale.stop();
  }
  const found = await house.rooms.subscriptions.find(om.oin, id);
  assert.is(found?.einde, undefined);
  accepted(await tell(vt, { zaak, grondslag: TO_OM }));
});

// Last: it changes the register, and the time.
test('who lost its right since gets no copy of a message that is known; its sender hears of it at the end', async () => {
  await change({ rollen: ['om'] });
  const zaak = newCase();
  await begun(zaak);
  const CHANGED = 'nl.jeugdketen.zaakstatus-gewijzigd.v1';
  const [fell, known, waits] = await Promise.all([1, 2, 3].map(() => event(zaak, CHANGED)));
  assert.ok(fell && known && waits);
  await fall(fell);
  await fall(waits);
  accepted((await known.again()) as never);
  const ontvangstbewijs = await om.receipt(known.jws, 'onleesbaar', {
    fact: { code: 'decryption-failed' },
  });

  await change({ status: 'geschorst' });
  accepted((await waits.again()) as never);
  assert.is(await copies(waits.jti), 0, 'not while it is suspended');
  await change({ status: 'actief' });
  accepted((await waits.again()) as never);
  assert.is(await copies(waits.jti), 1, 'what was promised comes when it may');

  await change({ rollen: WITHOUT });
  assert.ok((await om.ask('receipt', { peer: om.oin, ontvangstbewijs })).ok);
  for (const one of [fell, known]) {
    accepted((await one.again()) as never);
    assert.is(await copies(one.jti), 0);
    const no = (await house.ledger('besluit')).filter(
      ({ bericht, toegestaan }) => bericht === one.jti && toegestaan === false,
    );
    assert.equal([no[0]?.['ontvanger'], no.length], [om.oin, 1]);
  }
  house.clock.ahead = fell.exp * 1000 - Date.now() + 1_000;
  await actOnDue(house.rooms);
  for (const { jti } of [fell, known]) {
    const told = await house.rooms.receipts.of(vt.oin, jti, [om.oin]);
    assert.ok(told.some(({ state }) => state === 'onbestelbaar'));
  }

  async function fall(deed: { fall(): Promise<unknown> }): Promise<void> {
    falls.again({ at: 5, done: false });
    await deed.fall();
    assert.is(falls.names.at(-1), 'MAILBOX put');
  }
});

test.run();
