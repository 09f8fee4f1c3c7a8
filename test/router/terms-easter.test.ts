/**
 * A safety assessment over Easter 2027, by a clock of the test: three pipelines, of which one dies
 * in the middle of a reminder. Each word is heard once, on the right morning.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readJws } from '../../certs/verify.ts';
import { openHandlers } from '../../router/deadlines/handlers.ts';
import { type Handlers, Keeper } from '../../router/deadlines/keeper.ts';
import { openLease } from '../../router/lease.ts';
import type { Rooms } from '../../router/rooms.ts';
import { CLOCK, readClockKey } from '../../router/terms/clock-key.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { noteOf } from '../town/note-of.ts';
import { until } from '../town/wait.ts';
import { openNow } from './due.ts';
import { type House, openHouse, type RunningPipeline } from './house.ts';
import { accepted, body, type Player } from './player.ts';

const LEASE_MS = 30_000;

let house: House;
let police: Player;
let vt: Player;
let others: RunningPipeline[];
test.before(async () => {
  house = await openHouse({ believes: true });
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
  others = [await house.pipeline(), await house.pipeline()];
});
test.before.each(async () => {
  for (const { key } of await openNow(house.rooms, CLOCK)) await house.rooms.deadlines.close(key);
  await words();
});
test.after(async () => {
  for (const one of others) await one.stop();
  await house.stop();
});

/** A moment on the clocks of the Netherlands; summer begins on Easter Sunday, 28 March 2027. */
const local = (time: string): number =>
  Date.parse(`${time}${time < '2027-03-28' ? '+01:00' : '+02:00'}`);
const at = (time: string) => {
  house.clock.ahead = local(time) - Date.now();
};
const shown = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleString('sv-SE', {
    timeZone: 'Europe/Amsterdam',
    ...({ dateStyle: 'short', timeStyle: 'short' } as const),
  });

async function keeperOf(rooms: Rooms, holder: string, handlers: Handlers): Promise<Keeper> {
  const bucket = await rooms.bus.bucket('lease');
  const { deadlines, clock, metrics, log } = rooms;
  const lease = openLease({ bucket, key: 'paasproef', holder, lengthMs: LEASE_MS, clock });
  return new Keeper(
    { deadlines, lease, handlers, clock, metrics, log },
    new AbortController().signal,
  );
}

const clockOnly = (rooms: Rooms): Handlers => {
  const handler = openHandlers(rooms)[CLOCK];
  return handler === undefined ? {} : { [CLOCK]: handler };
};

/** What VT is told of safety assessments since the last time, and says that it has seen. */
async function words(): Promise<{ about: Uuid7; said: string; until: string }[]> {
  const { mededelingen = [] } = await vt.collect({ maximum: 50 });
  const told = mededelingen.map((jws) =>
    checkWire('herinnering', readJws(jws, TYP.reminder).claims),
  );
  await vt.collect({ gezien: mededelingen.map(noteOf) });
  return told
    .filter(({ klok }) => klok === 'veiligheidsbeoordeling')
    .map(({ bericht, soort, eind }) => ({ about: bericht, said: soort, until: shown(eind) }));
}

/** A report that VT takes in at once. */
async function report(more: Partial<Bericht> = {}): Promise<{ jti: Uuid7; jws: string }> {
  const sent = await police.send({ prio: 'normaal', ...more });
  accepted(sent);
  await say(sent.jws, 'afgeleverd');
  return { jti: sent.claims.jti, jws: sent.jws };
}

async function say(jws: string, state: 'afgeleverd' | 'afgewezen'): Promise<void> {
  const fact = state === 'afgewezen' ? { code: 'not-processable' as const } : {};
  const ontvangstbewijs = await vt.receipt(jws, state, { fact });
  assert.ok((await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })).ok);
}

const feedback = async (verwijst: Uuid7) =>
  accepted(
    await vt.send({
      ...{ aud: [toUrn(police.oin)], berichttype: 'vt-terugkoppeling', verwijst, prio: 'normaal' },
      ...{ grondslag: 'wmo-4.1.1.2.g' },
      inhoud: body('vt-terugkoppeling', 'veiligheidsbeoordeling'),
    }),
  );

const running = async (): Promise<string[]> =>
  (await openNow(house.rooms, CLOCK))
    .map(({ key }) => readClockKey(key))
    .map(({ term, jti }) => `${term} ${jti}`)
    .sort();

test('in on the Thursday before Good Friday: reminded on the third and the fourth working day, told once at the end', async () => {
  at('2027-03-25T16:00');
  const late = (await report()).jti;
  const answered = (await report()).jti;
  const [first, ...others] = await openKeepers();
  const heard: string[] = [];
  const passing = async (time: string) => {
    at(time);
    // More than once, and at the same time.
    for (let n = 0; n < 2; n++) await Promise.all(others.map((keeper) => keeper.look()));
    for (const word of await words()) {
      const which = { [late]: 'late', [answered]: 'answered' }[word.about];
      heard.push(`${time} ${which} ${word.said} until ${word.until}`);
    }
  };
  for (const day of ['26', '29', '30', '31']) await passing(`2027-03-${day}T09:00`);
  await passing('2027-04-01T08:00');
  assert.equal(heard, [], 'neither on Good Friday and Easter Monday nor on the first two days');

  // The third day. It says both words and dies before it could note that.
  at('2027-04-01T09:00');
  await first.dies();
  await passing('2027-04-01T09:30');
  assert.equal(heard.splice(0).sort(), [
    '2027-04-01T09:30 answered loopt until 2027-04-06 00:00',
    '2027-04-01T09:30 late loopt until 2027-04-06 00:00',
  ]);

  await feedback(answered);
  for (const time of ['02T08:00', '02T09:00', '03T09:00', '05T23:30', '06T00:00', '07T09:00'])
    await passing(`2027-04-${time}`);
  assert.equal(heard, [
    '2027-04-02T09:00 late loopt until 2027-04-06 00:00',
    '2027-04-06T00:00 late verstreken until 2027-04-06 00:00',
  ]);
  assert.equal(
    (await house.ledger('klok')).filter(({ klok }) => klok === 'veiligheidsbeoordeling').length,
    // Both of the third day twice: what was said before the death, and what was said again.
    2 * 2 + 2,
  );
  for (const keeper of others) keeper.letGo();
});

interface Mortal {
  /** Looks once more: resolves when it has said its words, which it will never note. */
  dies(): Promise<void>;
}

/** One for each pipeline. The first has the lease. */
async function openKeepers(): Promise<[Mortal, ...Keeper[]]> {
  let said = 0;
  const mortal: Handlers = {
    [CLOCK]: async (deadline) => {
      await clockOnly(house.rooms)[CLOCK]?.(deadline);
      said++;
      return new Promise(() => undefined);
    },
  };
  const first = await keeperOf(house.rooms, 'first', mortal);
  const more = await Promise.all(
    others.map(({ rooms }, n) => keeperOf(rooms, `other-${n}`, clockOnly(rooms))),
  );
  const dies = async () => {
    void first.look();
    await until('its words', () => said === 2);
  };
  return [{ dies }, ...more];
}

test('corrected: the clock runs on from the first report, and an answer to the correction ends it', async () => {
  at('2027-03-25T16:00');
  const { jti } = await report();
  at('2027-03-31T12:00');
  const correction = (await report({ vervangt: jti })).jti;
  assert.equal(await running(), [`informeren-betrokkene ${jti}`, `veiligheidsbeoordeling ${jti}`]);
  await feedback(correction);
  assert.equal(await running(), [`informeren-betrokkene ${jti}`]);
});

test('corrected by an urgent one: the clock of acute danger begins with it', async () => {
  at('2027-03-25T16:00');
  const { jti } = await report();
  const urgent = (await report({ vervangt: jti, prio: 'spoed' })).jti;
  assert.equal(await running(), [
    `acuut-gevaar ${urgent}`,
    `informeren-betrokkene ${jti}`,
    `veiligheidsbeoordeling ${jti}`,
  ]);
});

test('rejected and corrected: the correction is a report of its own; a clock is dropped with the last that carried it', async () => {
  at('2027-03-25T16:00');
  const bad = await report();
  await say(bad.jws, 'afgewezen');
  const good = await report({ vervangt: bad.jti });
  const both = (jti: Uuid7) => [`informeren-betrokkene ${jti}`, `veiligheidsbeoordeling ${jti}`];
  assert.equal(await running(), both(good.jti));
  const better = await report({ vervangt: good.jti });
  await say(good.jws, 'afgewezen');
  assert.equal(await running(), both(good.jti), 'the correction carries it');
  await say(better.jws, 'afgewezen');
  assert.equal(await running(), []);
});

test('withdrawn: what was received was received. Its clocks run on, and the withdrawal has none', async () => {
  at('2027-03-25T16:00');
  const { jti } = await report();
  const before = await running();
  await report({ aud: [toUrn(vt.oin)], trektIn: jti, inhoud: { reden: 'onjuist' } });
  assert.equal(await running(), before);
});

test('begun when the recipient says that it had it, not when the router heard of that', async () => {
  at('2027-03-25T16:00');
  const sent = await police.send({ prio: 'normaal' });
  at('2027-03-25T23:59');
  const ontvangstbewijs = await vt.receipt(sent.jws, 'afgeleverd');
  at('2027-03-30T10:00');
  assert.ok((await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })).ok);
  const [one] = await openNow(house.rooms, CLOCK);
  assert.is(shown(Number(one?.data['begin']) / 1000), '2027-03-25 23:59');
});

test.run();
