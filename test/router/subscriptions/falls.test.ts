/**
 * A fall between any two writes of a begin, an end, a closed case and a lost right: done again it is
 * begun or ended once, the ledger knows, its deadline runs. And several pipelines that know the same.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { route } from '../../../router/route.ts';
import { acceptSubscriptionStatement } from '../../../router/subscriptions/accept-statement.ts';
import { CASE_CLOSED } from '../../../router/subscriptions/case-event.ts';
import { keepSubscription } from '../../../router/subscriptions/keep-subscription.ts';
import type { EndReason } from '../../../router/subscriptions/subscription.ts';
import { keyOfSubscription, SUBSCRIPTION } from '../../../router/subscriptions/subscription-key.ts';
import { newUuid7, type Uuid, type Uuid7 } from '../../../schemas/ids.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { openNow } from '../due.ts';
import { type Fall, Falls } from '../falls.ts';
import { changing, type House, openHouse, type RunningPipeline } from '../house.ts';
import { accepted, eventBody, type Player } from '../player.ts';
import { newCase, type Subscriber, subscriberOf, tell } from './subscriber.ts';

const TO_OM = 'wmo-5.1.6.2';
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
async function event(zaak: Uuid, type: string): Promise<Omit<Deed, 'id' | 'ends'>> {
  const inhoud = { ...eventBody(vt.oin).inhoud, subject: zaak, type };
  const about = { berichttype: 'zaak-gebeurtenis', prio: 'normaal', zaak, inhoud } as const;
  const jws = await vt.sign(vt.claims({ ...about, grondslag: TO_OM }));
  const prio = 'normaal' as const;
  const offered = async () => ({ jwe: Buffer.from(await vt.seal(jws)), peer: vt.oin, prio });
  return {
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

test.run();
