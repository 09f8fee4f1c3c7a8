/** The turns that a consultation can take: later questions, late answers, withdrawals, and what does not count. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withAnswer, withQuestion } from '../../router/consultations/change.ts';
import { CONSULTATION, keyOfConsultation } from '../../router/consultations/consultation-key.ts';
import { sumUp } from '../../router/consultations/sum-up.ts';
import type { Consultation } from '../../router/consultations.ts';
import { openHandlers } from '../../router/deadlines/handlers.ts';
import type { Ids } from '../../router/ids.ts';
import type { Receipts } from '../../router/receipts.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { newUuid7, parseOin, toUrn } from '../../schemas/ids.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import {
  answerTo,
  ask,
  collectAll,
  nameOf,
  openKeeper,
  recordOf,
  reply,
  setClock,
  type TestKeeper,
  withdraw,
} from './consulting.ts';
import { type House, openHouse } from './house.ts';
import { accepted, body, type Player } from './player.ts';

const MINUTE = 60_000;
const PARTNERS = ['vt', 'reclassering', 'rvdk'] as const;

let house: House;
let keeper: TestKeeper;
let om: Player;
test.before(async () => {
  house = await openHouse();
  keeper = await openKeeper(house.rooms, 'keeper');
  om = await house.agency('om');
});
test.before.each(async () => {
  // The clock only goes on: lists of revoked certificates never grow younger.
  await later(200);
  await summed();
  await reminded();
});
test.after(async () => {
  await keeper.stop();
  await house.stop();
});

const later = (minutes: number) => setClock(house, house.clock.now() + minutes * MINUTE);

/** A question that was accepted, under a clock of an hour. */
async function asked(to: readonly AgencyName[], given: Partial<Bericht> = {}): Promise<Bericht> {
  const sent = await ask(house, to, given);
  accepted(sent);
  return sent.claims;
}

async function reminded(): Promise<string[]> {
  await keeper.look();
  const found: string[] = [];
  for (const name of [...PARTNERS, 'halt', 'politie'] as const) {
    const { herinneringen } = await collectAll(await house.agency(name));
    found.push(...herinneringen.map(({ bericht }) => `${name} ${bericht}`));
  }
  return found;
}

async function summed() {
  await keeper.look();
  return (await collectAll(om)).samenvattingen;
}

/** Of each partner: what of its questions and its answers a summary tells. */
const rows = (summary: Awaited<ReturnType<typeof summed>>[number] | undefined) =>
  summary?.partners.map(({ oin, vragen, antwoorden }) => ({
    wie: Object.values(AGENCIES).find((one) => toUrn(one.oin) === oin)?.kort,
    vragen: vragen.map(({ afgewezen, ingetrokken }) =>
      afgewezen !== undefined ? 'afgewezen' : ingetrokken !== undefined ? 'ingetrokken' : 'gesteld',
    ),
    antwoorden: antwoorden.map(({ berichttype, teLaat }) => `${berichttype} ${teLaat}`),
  }));

const [KNOWN, CONTENT] = ['uitslag-check-op-bekendheid', 'uitkomst-casusinformatie'] as const;
const content = {
  berichttype: 'verzoek-casusinformatie',
  inhoud: body('verzoek-casusinformatie', 'zsm'),
};
const contentAnswer = { berichttype: CONTENT, inhoud: body(CONTENT, 'bekend') };

test('first known or not, then content: one consultation, by the clock of the first', async () => {
  const known = await asked(['vt', 'rvdk']);
  const { conversatie } = known;
  await reply(house, 'vt', known);
  await later(20);
  const now = Math.floor(house.clock.now() / 1000);
  const raadpleging = { klok: 'vrij', aanvang: now, eind: now + 7200 } as const;
  const more = await asked(['vt'], { ...content, conversatie, raadpleging });
  await later(10);
  assert.equal(await reminded(), [`vt ${more.jti}`, `rvdk ${known.jti}`]);
  await reply(house, 'vt', more, contentAnswer);
  await later(15);
  assert.equal(await reminded(), [`rvdk ${known.jti}`]);
  await later(15);
  const [summary, ...others] = await summed();
  assert.equal(others, []);
  assert.is(summary?.eind, known.raadpleging?.eind);
  assert.equal(rows(summary), [
    {
      ...{ wie: 'VT MB', vragen: ['gesteld', 'gesteld'] },
      antwoorden: [`${KNOWN} false`, `${CONTENT} false`],
    },
    { wie: 'RvdK', vragen: ['gesteld'], antwoorden: [] },
  ]);
});

test('a question put after half of the time is not reminded of for half', async () => {
  const now = Math.floor(house.clock.now() / 1000);
  const raadpleging = { klok: 'vrij', aanvang: now - 2400, eind: now + 1200 } as const;
  const question = await asked(['vt'], { raadpleging });
  assert.equal(await reminded(), []);
  await later(6);
  assert.equal(await reminded(), [`vt ${question.jti}`]);
});

test('moments that passed while no pipeline ran are said in one word, and after the end only the end', async () => {
  const one = await asked(['vt']);
  await later(50);
  assert.equal(await reminded(), [`vt ${one.jti}`]);
  const two = await asked(['rvdk']);
  await later(100);
  assert.equal(await reminded(), []);
  const words = await summed();
  assert.equal(
    words.map(({ conversatie }) => conversatie).sort(),
    [one.conversatie, two.conversatie].sort(),
  );
});

test('who was asked after a moment that was told late hears nothing of it', async () => {
  const one = await asked(['rvdk']);
  await later(35);
  await asked(['vt'], { conversatie: one.conversatie });
  assert.equal(await reminded(), [`rvdk ${one.jti}`]);
});

test('a question after the end begins a clock of its own; the old one is summed up before', async () => {
  const one = await asked(['vt']);
  await later(65);
  const two = await asked(['vt'], { conversatie: one.conversatie });
  assert.equal(
    (await summed()).map(({ eind, partners }) => [eind, partners[0]?.vragen.length]),
    [[one.raadpleging?.eind, 1]],
  );
  const late = await reply(house, 'vt', one);
  const inTime = await reply(house, 'vt', two);
  await later(65);
  const [summary] = await summed();
  assert.is(summary?.eind, two.raadpleging?.eind);
  assert.equal(
    summary?.partners[0]?.antwoorden.map(({ bericht, teLaat }) => [bericht, teLaat]),
    [
      [late.claims.jti, true],
      [inTime.claims.jti, false],
    ],
  );
  assert.equal(
    summary?.partners[0]?.vragen.map(({ bericht, eind }) => [bericht, eind]),
    [
      [one.jti, one.raadpleging?.eind],
      [two.jti, undefined],
    ],
    'the former question with the end that it had',
  );
});

test('who rejected the question is left alone, and stands so in the summary', async () => {
  const sent = await ask(house, ['vt', 'rvdk']);
  const vt = await house.agency('vt');
  const ontvangstbewijs = await vt.receipt(sent.jws, 'afgewezen', {
    fact: { code: 'not-processable' },
  });
  assert.ok((await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })).ok);
  await later(35);
  assert.equal(await reminded(), [`rvdk ${sent.claims.jti}`]);
  await later(30);
  assert.equal(rows((await summed())[0]), [
    { wie: 'VT MB', vragen: ['afgewezen'], antwoorden: [] },
    { wie: 'RvdK', vragen: ['gesteld'], antwoorden: [] },
  ]);
});

test('withdrawn from one of three: that one hears no more, the others do; the end stays where it was', async () => {
  const question = await asked(PARTNERS);
  await withdraw(house, question, ['vt']);
  await reply(house, 'rvdk', question);
  assert.equal(await summed(), []);
  await later(35);
  assert.equal(await reminded(), [`reclassering ${question.jti}`]);
  await later(30);
  const [summary] = await summed();
  assert.is(summary?.ingetrokken, undefined);
  assert.equal(rows(summary), [
    { wie: 'VT MB', vragen: ['ingetrokken'], antwoorden: [] },
    { wie: 'Reclassering', vragen: ['gesteld'], antwoorden: [] },
    { wie: 'RvdK', vragen: ['gesteld'], antwoorden: [`${KNOWN} false`] },
  ]);
});

test('the last open question withdrawn: the summary comes at once, and asking again begins anew', async () => {
  const question = await asked(PARTNERS);
  await reply(house, 'rvdk', question);
  await withdraw(house, question, ['vt']);
  assert.equal(await summed(), []);
  await later(1);
  const withdrawal = await withdraw(house, question, ['reclassering', 'vt']);
  const [summary] = await summed();
  assert.is(summary?.ingetrokken, Math.floor(house.clock.now() / 1000));
  assert.equal(
    rows(summary)?.map(({ vragen }) => vragen[0]),
    ['ingetrokken', 'ingetrokken', 'gesteld'],
  );
  accepted(await om.offer(withdrawal.jwe));
  assert.equal(await summed(), [], 'once');

  const { conversatie } = question;
  const again = await asked(['vt'], { conversatie });
  await later(40);
  assert.equal(await reminded(), [`vt ${again.jti}`]);
  await later(30);
  const [second] = await summed();
  assert.is.not(second?.jti, summary?.jti);
  assert.is(second?.eind, again.raadpleging?.eind);
  assert.equal(rows(second)?.[0]?.vragen, ['ingetrokken', 'gesteld']);
});

test('withdrawn and asked again at once: no summary in between', async () => {
  const question = await asked(['vt']);
  await withdraw(house, question, ['vt']);
  await asked(['vt'], { conversatie: question.conversatie });
  assert.equal(await summed(), []);
  await later(65);
  assert.is((await summed()).length, 1);
});

test('a corrected question takes the place of the one before', async () => {
  const question = await asked(['vt', 'rvdk']);
  const { conversatie, jti } = question;
  const better = await asked(['vt', 'rvdk'], { conversatie, vervangt: jti });
  await reply(house, 'rvdk', better);
  await later(35);
  assert.equal(await reminded(), [`vt ${better.jti}`]);
  await reply(house, 'vt', better);
  assert.equal(await reminded(), []);
});

test('an answer that its partner takes back answers nothing', async () => {
  const question = await asked(['vt']);
  const answer = await reply(house, 'vt', question);
  const { jti: trektIn, berichttype, grondslag, conversatie, aud = [] } = answer.claims;
  const vt = await house.agency('vt');
  const inhoud = { reden: 'onjuist' };
  accepted(await vt.send({ berichttype, grondslag, conversatie, trektIn, aud, inhoud }));
  await later(35);
  assert.equal(await reminded(), [`vt ${question.jti}`]);
  await later(30);
  assert.equal(rows((await summed())[0])?.[0]?.antwoorden, []);
});

test('the mark of an answer stays what it was when the router took it in', async () => {
  const question = await asked(['vt', 'rvdk']);
  const early = await reply(house, 'vt', question);
  await later(70);
  const late = await reply(house, 'rvdk', question);
  const marks = async () =>
    new Map(
      (await collectAll(om)).deliveries.map(({ claims, note }) => [claims.jti, note['teLaat']]),
    );
  const unreadable = async (jws: string) =>
    om.collect({ ontvangstbewijzen: [await om.receipt(jws, 'onleesbaar')], maximum: 1 });
  for (const { jws, jwe } of [early, late]) {
    const peer = await house.agency(jws === early.jws ? 'vt' : 'rvdk');
    await unreadable(jws).then(() => undefined);
    assert.ok(accepted(await peer.offer(jwe)).herhaald);
  }
  const found = await marks();
  assert.equal([found.get(early.claims.jti), found.get(late.claims.jti)], [undefined, true]);
  assert.equal(
    (await recordOf(house, question)).antwoorden.map(({ teLaat }) => teLaat),
    [false, true],
  );
});

test('what others say, elsewhere, or in another way, is no answer', async () => {
  const question = await asked(['vt', 'rvdk']);
  const other = await asked(['vt', 'halt']);
  const elsewhere = { conversatie: newUuid7(house.clock.now()) };
  const answers: [AgencyName, Partial<Bericht>][] = [
    ['reclassering', answerTo('reclassering', question)],
    ['vt', answerTo('vt', question, elsewhere)],
    ['vt', answerTo('vt', question, { verwijst: newUuid7(house.clock.now()) })],
    ['halt', answerTo('halt', question, { verwijst: other.jti })],
    ['vt', answerTo('vt', question, { verwijst: other.jti })],
  ];
  for (const [name, claims] of answers) {
    const sent = await (await house.agency(name)).send(claims);
    accepted(sent);
  }
  // Others can withdraw nothing, nor the asker elsewhere.
  const { berichttype, grondslag, jti: trektIn } = question;
  const inhoud = { reden: 'onjuist' };
  const aud = [toUrn(AGENCIES.vt.oin), toUrn(AGENCIES.rvdk.oin)];
  accepted(await om.send({ berichttype, grondslag, trektIn, aud, inhoud, ...elsewhere }));
  const { vragen, antwoorden, gesloten } = await recordOf(house, question);
  assert.equal([antwoorden, gesloten, vragen[0]?.ingetrokken], [[], undefined, {}]);
  assert.equal(await house.rooms.consultations.find(nameOf(elsewhere)), undefined);
});

test('whether an answer is late, its question says: a later one may have an end of its own', async () => {
  const first = await asked(['vt']);
  const { conversatie } = first;
  const now = Math.floor(house.clock.now() / 1000);
  const ends = (minutes: number) =>
    ({ klok: 'vrij', aanvang: now - 10, eind: now + minutes * 60 }) as const;
  const longer = await asked(['rvdk'], { conversatie, raadpleging: ends(360) });
  const shorter = await asked(['reclassering'], { conversatie, raadpleging: ends(20) });
  await later(25);
  await reply(house, 'reclassering', shorter);
  await later(10);
  assert.equal(await reminded(), [`vt ${first.jti}`, `rvdk ${longer.jti}`], 'by the first clock');
  await later(30);
  const [summary] = await summed();
  assert.is(summary?.eind, first.raadpleging?.eind, 'and summed up by it');
  assert.equal(
    summary?.partners.map(({ vragen, antwoorden }) => [vragen[0]?.eind, antwoorden[0]?.teLaat]),
    [
      [undefined, undefined],
      [longer.raadpleging?.eind, undefined],
      [shorter.raadpleging?.eind, true],
    ],
  );
  await later(60);
  const answer = await reply(house, 'rvdk', longer);
  const { deliveries } = await collectAll(om);
  const [note] = deliveries.filter(({ claims }) => claims.jti === answer.claims.jti);
  assert.is(note?.note['teLaat'], undefined);
  assert.is((await recordOf(house, first)).antwoorden.at(-1)?.teLaat, false);
});

test('a hundred answers in the same moment are all noted', async () => {
  const name = nameOf({ conversatie: newUuid7(house.clock.now()) });
  const now = house.clock.now();
  const raadpleging = { klok: 'vrij', aanvang: 1, eind: Math.floor(now / 1000) + 60 } as const;
  const partners = Array.from({ length: 100 }, (_, at) =>
    parseOin(`00000099${String(100_000 + at).padStart(9, '0')}000`),
  );
  const bericht = newUuid7(now);
  const question = { bericht, berichttype: 'check-op-bekendheid', aan: partners, gevraagd: now };
  const { consultations } = house.rooms;
  await consultations.change(name, (found) => withQuestion(found, { ...question, raadpleging }));
  const answer = { vraag: bericht, berichttype: KNOWN, gegeven: now, teLaat: false };
  const done = partners.map((partner) =>
    consultations.change(name, (found) =>
      withAnswer(found, { ...answer, partner, bericht: newUuid7(now) }, now),
    ),
  );
  await Promise.all(done);
  assert.is((await consultations.find(name))?.antwoorden.length, 100);
});

test('what is left out is told in the log once, and in the summary', async () => {
  const question = await asked(['vt']);
  for (let n = 0; n < 12; n++) await reply(house, 'vt', question);
  const { conversatie, jti } = question;
  const told = house.lines.filter((line) => line['conversatie'] === conversatie);
  assert.equal(
    told.map(({ msg }) => msg),
    ['more is asked or answered than is counted'],
  );
  assert.not.ok(JSON.stringify(told).includes(jti));
  await later(65);
  const [summary] = await summed();
  assert.equal([summary?.onvolledig, summary?.partners[0]?.antwoorden.length], [true, 10]);
});

test('five partners that answer in the same moment, through three pipelines', async () => {
  const all = ['vt', 'reclassering', 'rvdk', 'halt', 'politie'] as const;
  const question = await asked(all);
  const more = [await house.pipeline(), await house.pipeline()];
  await Promise.all(all.map((name) => reply(house, name, question)));
  assert.is((await recordOf(house, question)).antwoorden.length, 5);
  for (const { stop } of more) await stop();
});

test('two keepers that both believe to hold the lease say each word under one id', async () => {
  const question = await asked(['vt']);
  const other = await house.pipeline();
  const key = keyOfConsultation(nameOf(question));
  const words: string[] = [];
  for (const minutes of [35, 30]) {
    await later(minutes);
    const deadline = await house.rooms.deadlines.find(key);
    assert.ok(deadline);
    await Promise.all(
      [house.rooms, other.rooms].map((rooms) => openHandlers(rooms)[CONSULTATION]?.(deadline)),
    );
    words.push(...(await reminded()), ...(await summed()).map(({ conversatie }) => conversatie));
  }
  assert.equal(words, [`vt ${question.jti}`, question.conversatie]);
  await other.stop();
});

test('what is more than a summary can hold is not counted, and the largest summary fits in a mailbox', async () => {
  const raadpleging = { klok: 'vrij', aanvang: 1, eind: 2 } as const;
  const now = house.clock.now();
  const oin = (n: number) => parseOin(`00000099${String(100_000 + n).padStart(9, '0')}000`);
  const id = () => newUuid7(now);
  let largest: Consultation | undefined;
  for (let n = 0; n < 60; n++) {
    const aan = Array.from({ length: 20 }, (_, at) => oin((n * 20 + at) % 100));
    const gevraagd = now - 9e6;
    const question = { bericht: id(), berichttype: 'verzoek-casusinformatie', aan, gevraagd };
    largest = withQuestion(largest, { ...question, raadpleging }) ?? largest;
    for (const partner of aan) {
      const { bericht: vraag } = question;
      for (let times = 0; times < 2; times++) {
        const answer = { partner, vraag, bericht: id(), berichttype: CONTENT, gegeven: now };
        largest = withAnswer(largest, { ...answer, teLaat: true }, now) ?? largest;
      }
    }
  }
  const name = nameOf({ conversatie: id() });
  await house.rooms.consultations.change(name, () => largest);
  const receipts: Receipts = Object.assign(Object.create(house.rooms.receipts), {
    of: async () => [],
    find: async () => undefined,
  });
  const ids: Ids = { ...house.rooms.ids, find: async () => ({ verdict: 'accepted' }) as never };
  await sumUp({ ...house.rooms, receipts, ids }, name);
  const found = await summed();
  assert.equal(
    found.map(({ partners, onvolledig }) => [
      onvolledig,
      partners.length,
      partners.reduce((sum, { vragen }) => sum + vragen.length, 0),
      partners.reduce((sum, { antwoorden }) => sum + antwoorden.length, 0),
    ]),
    [[true, 100, 1000, 1500]],
  );
});

test('offered again, a question and an answer are noted once', async () => {
  const sent = await ask(house, ['vt']);
  const answer = await reply(house, 'vt', sent.claims);
  const vt = await house.agency('vt');
  for (let times = 0; times < 2; times++) {
    assert.ok(accepted(await om.offer(sent.jwe)).herhaald);
    assert.ok(accepted(await vt.offer(answer.jwe)).herhaald);
  }
  const { vragen, antwoorden } = await recordOf(house, sent.claims);
  assert.equal([vragen.length, antwoorden.length], [1, 1]);
  const told = (await house.ledger('raadpleging')).filter(
    ({ conversatie }) => conversatie === sent.claims.conversatie,
  );
  assert.equal(
    told.map(({ handeling }) => handeling),
    ['geopend', 'beantwoord'],
  );
});

test.run();
