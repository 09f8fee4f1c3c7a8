/**
 * A fall between any two writes of a question, an answer, a withdrawal, a reminder or a summary: done
 * again it is noted once, told in the ledger, said under one id, and its deadline runs.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CONSULTATION, keyOfConsultation } from '../../router/consultations/consultation-key.ts';
import { openHandlers } from '../../router/deadlines/handlers.ts';
import { route } from '../../router/route.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import {
  answerTo,
  collectAll,
  nameOf,
  openKeeper,
  questionFor,
  recordOf,
  type TestKeeper,
  withdrawalOf,
} from './consulting.ts';
import { type Fall, Falls } from './falls.ts';
import { type House, openHouse, type RunningPipeline } from './house.ts';
import { accepted, type Player, refused } from './player.ts';

const MINUTE = 60_000;

let house: House;
let falling: RunningPipeline;
let keeper: TestKeeper;
let om: Player;
let vt: Player;
const falls = new Falls();
test.before(async () => {
  house = await openHouse();
  // Only what the test gives to it goes through the one that falls.
  const deaf = async () => async () => undefined;
  falling = await house.pipeline((bus) => ({ ...falls.wrap(bus), serve: deaf }));
  keeper = await openKeeper(house.rooms, 'keeper');
  [om, vt] = await Promise.all([house.agency('om'), house.agency('vt')]);
});
test.before.each(() => {
  house.clock.ahead = 0;
});
test.after(async () => {
  await keeper.stop();
  await falling.stop();
  await house.stop();
});

interface Sealed {
  readonly claims: Bericht;
  readonly jwe: string;
}

async function make(player: Player, given: Partial<Bericht>): Promise<Sealed> {
  const claims = player.claims(given);
  return { claims, jwe: await player.seal(await player.sign(claims)) };
}

const offerFalling = (player: Player, { jwe }: Sealed, fall?: Fall) => {
  falls.again(fall);
  const prio = 'spoed' as const;
  return route(falling.rooms, { jwe: Buffer.from(jwe), peer: player.oin, prio });
};

/** A question to one partner, whose copy waits. */
async function asked(): Promise<Sealed> {
  const question = await make(om, questionFor(house, ['vt']));
  accepted(await om.offer(question.jwe));
  return question;
}

/** What each kind of message makes of a consultation, told shortly. */
const KINDS = {
  question: async () => [om, await make(om, questionFor(house, ['vt', 'rvdk']))],
  answer: async () => [vt, await make(vt, answerTo('vt', (await asked()).claims))],
  withdrawal: async () => [om, await make(om, withdrawalOf((await asked()).claims, ['vt']))],
} as const satisfies Record<string, () => Promise<readonly [Player, Sealed]>>;

const NOTED = {
  question: ['1 questions', 'geopend'],
  answer: ['1 questions, 1 answers', 'beantwoord'],
  withdrawal: ['1 questions, closed', 'ingetrokken'],
} as const satisfies Record<keyof typeof KINDS, readonly [string, string]>;

async function shortly({ claims }: Sealed): Promise<string> {
  const { vragen, antwoorden, gesloten } = await recordOf(house, claims);
  return [
    `${vragen.length} questions`,
    ...(antwoorden.length > 0 ? [`${antwoorden.length} answers`] : []),
    ...(gesloten === undefined ? [] : ['closed']),
  ].join(', ');
}

for (const kind of ['question', 'answer', 'withdrawal'] as const) {
  test(`a fall anywhere on the path of a ${kind}: a re-offer does the rest, and nothing twice`, async () => {
    const [player, clean] = await KINDS[kind]();
    accepted(await offerFalling(player, clean));
    const { names } = falls;
    assert.ok(names.includes('CONSULTATION change'));
    const [noted, handeling] = NOTED[kind];
    const offered: string[] = [];
    for (let at = names.indexOf('ID put') + 1; at <= names.length; at++) {
      for (const done of [false, true]) {
        const [, sent] = await KINDS[kind]();
        const what = `${done ? 'after' : 'before'} write ${at}`;
        assert.is(
          refused(await offerFalling(player, sent, { at, done })).code,
          'temporarily-unavailable',
          what,
        );
        accepted(await player.offer(sent.jwe));
        accepted(await player.offer(sent.jwe));
        assert.is(await shortly(sent), noted, what);
        offered.push(sent.claims.conversatie);
        const deadline = await house.rooms.deadlines.find(keyOfConsultation(nameOf(sent.claims)));
        const now = house.clock.now();
        assert.is((deadline?.due ?? 0) <= now, kind === 'withdrawal', what);
      }
    }
    const told = (await house.ledger('raadpleging')).filter(
      (one) => one['handeling'] === handeling,
    );
    for (const conversatie of offered) {
      const times = told.filter((one) => one['conversatie'] === conversatie).length;
      assert.ok(times === 1 || times === 2, 'twice only after a fall between ledger and record');
    }
  });
}

test('who has its copy before the asker has its yes can answer: the question was noted before', async () => {
  await offerFalling(om, await make(om, questionFor(house, ['vt'])));
  const at = falls.names.indexOf('MAILBOX put') + 1;
  const question = await make(om, questionFor(house, ['vt']));
  assert.not.ok((await offerFalling(om, question, { at, done: true })).ok);
  const answer = await make(vt, answerTo('vt', question.claims));
  accepted(await vt.offer(answer.jwe));
  accepted(await om.offer(question.jwe));
  assert.is(await shortly(question), NOTED.answer[0]);
});

test('a question of which no copy was stored was never asked: nobody is reminded, and there is no summary of it', async () => {
  await offerFalling(om, await make(om, questionFor(house, ['vt', 'rvdk'])));
  const at = falls.names.indexOf('MAILBOX put') + 1;
  const first = await asked();
  const { conversatie } = first.claims;
  const fallen = async (given: Partial<Bericht> = {}) => {
    const question = await make(om, { ...questionFor(house, ['vt', 'rvdk']), ...given });
    assert.not.ok((await offerFalling(om, question, { at, done: false })).ok);
    return question;
  };
  const [alone, beside] = [await fallen(), await fallen({ conversatie })];
  house.clock.ahead = 35 * MINUTE;
  await keeper.look();
  const rvdk = await house.agency('rvdk');
  const words = [
    ...(await collectAll(vt)).herinneringen,
    ...(await collectAll(rvdk)).herinneringen,
  ];
  const mine = words.filter(
    (one) => one.conversatie === conversatie || one.conversatie === alone.claims.conversatie,
  );
  assert.equal(
    mine.map(({ bericht }) => bericht),
    [first.claims.jti],
  );
  house.clock.ahead = 65 * MINUTE;
  const summaries = async () => {
    await keeper.look();
    await keeper.look();
    return (await collectAll(om)).samenvattingen;
  };
  const said = await summaries();
  assert.equal(
    said.filter((one) => one.conversatie === alone.claims.conversatie),
    [],
  );
  const [summary] = said.filter((one) => one.conversatie === conversatie);
  assert.equal(
    summary?.partners.map(({ vragen }) => vragen.map(({ bericht }) => bericht)),
    [[first.claims.jti]],
    'the other is not in it',
  );
  const ends = await house.ledger('raadpleging');
  assert.not.ok(
    ends.some(
      (one) => one['handeling'] === 'samengevat' && one['conversatie'] === alone.claims.conversatie,
    ),
  );

  // It comes after all: it was asked now, and the summary is made anew.
  house.clock.ahead = 100 * MINUTE;
  const now = Math.floor(house.clock.now() / 1000);
  accepted(await om.offer(alone.jwe));
  accepted(await om.offer(beside.jwe));
  const anew = await summaries();
  const times = (of: Sealed) =>
    anew
      .filter((one) => one.conversatie === of.claims.conversatie)
      .flatMap(({ partners }) => partners.flatMap(({ vragen }) => vragen))
      .filter(({ bericht }) => bericht === of.claims.jti)
      .map(({ gevraagd }) => gevraagd >= now);
  assert.equal(times(alone), [true, true], 'once for each partner');
  assert.equal(times(beside), [true, true]);
  accepted(await om.offer(beside.jwe));
  assert.equal(await summaries(), [], 'once');
  house.clock.ahead += 31 * 24 * 60 * MINUTE;
  await keeper.look();
  assert.is(await house.rooms.consultations.find(nameOf(alone.claims)), undefined);
});

test('a fall while the next question has the old clock summed up: no summary is lost', async () => {
  const next = (claims: Bericht) =>
    make(om, { ...questionFor(house, ['vt']), conversatie: claims.conversatie });
  const ended = async () => {
    house.clock.ahead = 0;
    const { claims } = await asked();
    house.clock.ahead = 65 * MINUTE;
    return claims;
  };
  accepted(await offerFalling(om, await next(await ended())));
  const writes = falls.names.indexOf('MAILBOX put', falls.names.indexOf('MAILBOX put') + 1);
  for (let at = falls.names.indexOf('CONSULTATION change') + 1; at <= writes; at++) {
    for (const done of [false, true]) {
      const claims = await ended();
      const sent = await next(claims);
      assert.not.ok((await offerFalling(om, sent, { at, done })).ok);
      accepted(await om.offer(sent.jwe));
      const words = (await collectAll(om)).samenvattingen.filter(
        ({ conversatie }) => conversatie === claims.conversatie,
      );
      const what = `${done ? 'after' : 'before'} write ${at}`;
      assert.equal(
        words.map(({ eind }) => eind),
        [claims.raadpleging?.eind],
        what,
      );
    }
  }
});

/** What the deadline of a consultation does in a pipeline that falls. */
async function actFalling(claims: Bericht, fall?: Fall): Promise<unknown> {
  falls.again(fall);
  const deadline = await house.rooms.deadlines.find(keyOfConsultation(nameOf(claims)));
  assert.ok(deadline);
  return openHandlers(falling.rooms)
    [CONSULTATION]?.(deadline)
    .catch((error: Error) => error.message);
}

for (const [what, minutes] of [
  ['reminder', 35],
  ['summary', 65],
] as const) {
  test(`a fall while a ${what} is said: said again, it is the same word`, async () => {
    await actFalling((await asked()).claims);
    const { claims: clean } = await asked();
    house.clock.ahead = minutes * MINUTE;
    await actFalling(clean);
    const writes = falls.count;
    assert.ok(writes >= 2);
    for (let at = 1; at <= writes; at++) {
      for (const done of [false, true]) {
        house.clock.ahead = 0;
        const { claims } = await asked();
        house.clock.ahead = minutes * MINUTE;
        assert.is(await actFalling(claims, { at, done }), 'fell');
        house.clock.ahead += 2000;
        await keeper.look();
        await keeper.look();
        const post = await collectAll(what === 'summary' ? om : vt);
        const words = [...post.herinneringen, ...post.samenvattingen].filter(
          ({ conversatie }) => conversatie === claims.conversatie,
        );
        assert.is(words.length, 1, `${done ? 'after' : 'before'} write ${at}`);
      }
    }
  });
}

test('an answer in time whose pipeline fell before it was noted: the summary is made anew', async () => {
  const { claims } = await asked();
  const [, clean] = await KINDS.answer();
  accepted(await offerFalling(vt, clean));
  const at = falls.names.indexOf('CONSULTATION change') + 1;
  house.clock.ahead = 59 * MINUTE;
  const mine = await make(vt, answerTo('vt', claims));
  const fell = await offerFalling(vt, mine, { at, done: false });
  assert.is(refused(fell).code, 'temporarily-unavailable');

  house.clock.ahead = 120 * MINUTE;
  const summaries = async () => {
    await keeper.look();
    const post = await collectAll(om);
    const { conversatie } = claims;
    const found = post.samenvattingen.filter((one) => one.conversatie === conversatie);
    return { found, marks: post.deliveries.filter((d) => d.claims.jti === mine.claims.jti) };
  };
  const first = await summaries();
  assert.equal(
    first.found.map(({ partners }) => partners[0]?.antwoorden.length),
    [0],
  );
  assert.equal(
    first.marks.map(({ note }) => note['teLaat']),
    [undefined],
    'it was there all the time',
  );
  accepted(await vt.offer(mine.jwe));
  const second = await summaries();
  assert.equal(
    second.found.map(({ partners }) => partners[0]?.antwoorden.map(({ teLaat }) => teLaat)),
    [[false]],
  );
  assert.is.not(second.found[0]?.jti, first.found[0]?.jti);
});

test.run();
