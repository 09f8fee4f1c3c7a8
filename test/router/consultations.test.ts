/** One question to several partners under a clock: reminded, answered, withdrawn, summed up. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verify } from '../../certs/verify.ts';
import { CONSULTATION } from '../../router/consultations/consultation-key.ts';
import { dayAt, hourOf, plusDays } from '../../schemas/calendar.ts';
import { toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import {
  ask,
  collectAll,
  nameOf,
  openKeeper,
  recordOf,
  reply,
  setClock,
  type TestKeeper,
} from './consulting.ts';
import { openNow } from './due.ts';
import { type House, openHouse, type RunningPipeline } from './house.ts';
import { accepted, refused } from './player.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const seconds = (ms: number) => Math.floor(ms / 1000);
const PARTNERS = ['vt', 'reclassering', 'rvdk'] as const;

let house: House;
test.before(async () => {
  house = await openHouse({ serves: false });
  await pipelines.start();
});
test.after(async () => {
  await pipelines.stop();
  await house.stop();
});

/** Three pipelines, each with its keeper. */
class Pipelines {
  #running: RunningPipeline[] = [];
  #keepers: TestKeeper[] = [];

  async start(): Promise<void> {
    for (const name of ['one', 'two', 'three']) {
      const pipeline = await house.pipeline();
      this.#running.push(pipeline);
      this.#keepers.push(await openKeeper(pipeline.rooms, `${name} ${Math.random()}`));
    }
  }
  /** Each looks at the clock, all at once and twice. */
  async look(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      await Promise.all(this.#keepers.map((keeper) => keeper.look()));
    }
  }
  async stop(): Promise<void> {
    for (const keeper of this.#keepers.splice(0)) await keeper.stop();
    for (const pipeline of this.#running.splice(0)) await pipeline.stop();
  }
  /** Everything stops, the broker too, and comes back on the same store. */
  async restart(): Promise<void> {
    await this.stop();
    await house.broker.halt();
    await house.broker.start();
    await this.start();
  }
}

const pipelines = new Pipelines();

/** By the clocks in the Netherlands; days counted from today. */
const today = dayAt(Date.now());
const moment = (day: number, hour: number, minute: number, second = 0) =>
  hourOf(plusDays(today, day), hour) + minute * MINUTE + second * 1000;

/** Who is reminded at a moment, of which question. */
async function reminded(): Promise<string[]> {
  await pipelines.look();
  const found: string[] = [];
  for (const name of PARTNERS) {
    const { herinneringen } = await collectAll(await house.agency(name));
    found.push(...herinneringen.map(({ bericht }) => `${name} ${bericht}`));
  }
  return found;
}

const summaries = async () => {
  await pipelines.look();
  return collectAll(await house.agency('om'));
};

for (const [restarts, day] of [
  [false, 0],
  [true, 2],
] as const) {
  const at = (night: 0 | 1, ...time: [number, number, number?]) => moment(day + night, ...time);
  const restart = () => (restarts ? pipelines.restart() : undefined);
  const how = restarts ? ', with a restart of everything in between' : '';
  test(`arrested at ten past ten in the evening: asked, reminded and summed up over midnight${how}`, async () => {
    const arrest = at(0, 22, 10);
    const end = at(1, 13, 10);
    const raadpleging = { klok: 'zsm-6', aanvang: seconds(arrest), eind: seconds(end) } as const;

    await setClock(house, at(0, 22, 40));
    const wrong = await ask(house, PARTNERS, {
      raadpleging: { ...raadpleging, eind: seconds(end) + 60 },
    });
    assert.equal(
      refused(wrong).errors?.map(({ plaats }) => plaats),
      ['/raadpleging/eind'],
    );
    const question = await ask(house, PARTNERS, { raadpleging });
    accepted(question);
    const { jti, conversatie } = question.claims;
    await setClock(house, at(0, 22, 50));
    assert.is((await collectAll(await house.agency('vt'))).deliveries.length, 1);
    await collectAll(await house.agency('reclassering'));
    await restart();

    await setClock(house, at(0, 23, 5));
    const first = await reply(house, 'vt', question.claims);
    await setClock(house, at(1, 10, 9, 59));
    assert.equal(await reminded(), []);
    await setClock(house, at(1, 10, 10));
    assert.equal(await reminded(), [`reclassering ${jti}`, `rvdk ${jti}`], 'half of six hours');
    assert.equal(await reminded(), [], 'once');
    await restart();

    await setClock(house, at(1, 10, 30));
    const second = await reply(house, 'reclassering', question.claims);
    await setClock(house, at(1, 11, 39, 59));
    assert.equal(await reminded(), []);
    await restart();
    await setClock(house, at(1, 11, 40));
    assert.equal(await reminded(), [`rvdk ${jti}`], 'three quarters');

    await setClock(house, at(1, 13, 9, 59));
    const before = await summaries();
    assert.equal(
      before.deliveries.map(({ claims, note }) => [claims.jti, note['teLaat']]),
      [
        [first.claims.jti, undefined],
        [second.claims.jti, undefined],
      ],
    );
    assert.equal(before.samenvattingen, []);
    await restart();
    await setClock(house, end);
    const { words, samenvattingen } = await summaries();
    assert.is(words.length, 1);
    const { registry } = house.rooms;
    const { claims } = await verify(words[0] ?? '', TYP.summary, (x5t) =>
      registry.certificate(x5t, 'authenticiteit', end),
    );
    const asked = {
      bericht: jti,
      berichttype: 'check-op-bekendheid',
      gevraagd: seconds(at(0, 22, 40)),
    };
    const given = { berichttype: 'uitslag-check-op-bekendheid', teLaat: false };
    assert.equal(claims, {
      ...{ iss: toUrn(house.rooms.identity.oin), aud: toUrn(AGENCIES.om.oin) },
      ...{ jti: samenvattingen[0]?.jti, iat: seconds(end), conversatie, ...raadpleging },
      partners: [
        {
          oin: toUrn(AGENCIES.vt.oin),
          vragen: [{ ...asked, afgeleverd: seconds(at(0, 22, 50)) }],
          antwoorden: [{ ...given, bericht: first.claims.jti, gegeven: seconds(at(0, 23, 5)) }],
        },
        {
          oin: toUrn(AGENCIES.reclassering.oin),
          vragen: [{ ...asked, afgeleverd: seconds(at(0, 22, 50)) }],
          antwoorden: [{ ...given, bericht: second.claims.jti, gegeven: seconds(at(1, 10, 30)) }],
        },
        {
          oin: toUrn(AGENCIES.rvdk.oin),
          vragen: [{ ...asked, afgeleverd: seconds(at(1, 10, 9, 59)) }],
          antwoorden: [],
        },
      ],
    });
    assert.equal((await summaries()).words, [], 'once');

    await setClock(house, at(1, 13, 30));
    const late = await reply(house, 'rvdk', question.claims);
    const [delivery] = (await summaries()).deliveries;
    assert.equal([delivery?.claims.jti, delivery?.note['teLaat']], [late.claims.jti, true]);
    const { antwoorden } = await recordOf(house, question.claims);
    assert.equal(
      antwoorden.map(({ teLaat }) => teLaat),
      [false, false, true],
    );

    const told = (await house.ledger('raadpleging')).filter(
      (one) => one['conversatie'] === conversatie,
    );
    assert.equal(
      told.map((one) => `${one['handeling']}${one['teLaat'] === true ? ' te laat' : ''}`),
      [
        ...['geopend', 'beantwoord', 'herinnerd', 'beantwoord', 'herinnerd', 'samengevat'],
        'beantwoord te laat',
      ],
    );
    house.clock.ahead += 30 * DAY;
    await pipelines.look();
    assert.is(await house.rooms.consultations.find(nameOf(question.claims)), undefined);
    assert.equal(await openNow(house.rooms, CONSULTATION), []);
  });
}

test.run();
