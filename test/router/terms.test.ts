/** Statutory clocks: started by receipts, stopped by answers or by a signed word, reminded once each. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sign } from '../../certs/sign.ts';
import { readJws } from '../../certs/verify.ts';
import { type Bus, BusFault } from '../../router/bus/bus.ts';
import { acceptClockStatement } from '../../router/terms/accept-statement.ts';
import { CLOCK, readClockKey } from '../../router/terms/clock-key.ts';
import type { Herinnering, Klok } from '../../schemas/generated/wire.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { momentsOf, TERMS, type TermId } from '../../schemas/terms.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { OPERATOR } from '../town/agencies.ts';
import { noteOf } from '../town/note-of.ts';
import { actOnDue, openNow } from './due.ts';
import { type House, openHouse } from './house.ts';
import { accepted, body, type Player } from './player.ts';

const DAY = 86_400_000;

let house: House;
let police: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse();
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
});
test.before.each(async () => {
  house.clock.ahead = 0;
  for (const { key } of await openNow(house.rooms, CLOCK)) await house.rooms.deadlines.close(key);
  await remindersOf(vt);
});
test.after(() => house.stop());

const running = async (): Promise<string[]> =>
  (await openNow(house.rooms, CLOCK)).map(({ key }) => readClockKey(key).term).sort();

/** What an agency is told, opened; it says that it has seen everything. */
async function remindersOf(player: Player): Promise<Herinnering[]> {
  const { mededelingen = [], alarmen = [] } = await player.collect({ maximum: 50 });
  await player.collect({ gezien: [...mededelingen, ...alarmen].map(noteOf) });
  return mededelingen.map((jws) => checkWire('herinnering', readJws(jws, TYP.reminder).claims));
}

const say = async (jws: string, state: 'afgeleverd' | 'verwerkt' | 'afgewezen') => {
  const fact = state === 'afgewezen' ? { code: 'not-processable' as const } : {};
  const ontvangstbewijs = await vt.receipt(jws, state, { fact });
  assert.ok((await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })).ok);
};

/** A normal report that is in the hands of Veilig Thuis. */
async function delivered(): Promise<{ jti: Uuid7; jws: string }> {
  const sent = await police.send({ prio: 'normaal' });
  accepted(sent);
  await say(sent.jws, 'afgeleverd');
  return { jti: sent.claims.jti, jws: sent.jws };
}

const feedback = async (verwijst: Uuid7) => {
  const inhoud = body('vt-terugkoppeling', 'veiligheidsbeoordeling');
  return accepted(
    await vt.send({
      ...{ aud: [toUrn(police.oin)], berichttype: 'vt-terugkoppeling', verwijst, inhoud },
      ...{ grondslag: 'wmo-4.1.1.2.g', prio: 'normaal' },
    }),
  );
};

const statement = (player: Player, about: Uuid7, given: Partial<Klok>): Promise<string> =>
  sign(
    {
      ...{ iss: toUrn(player.oin), aud: toUrn(OPERATOR.oin), jti: newUuid7(house.clock.now()) },
      ...{ iat: Math.floor(house.clock.now() / 1000), klok: 'onderzoek', handeling: 'begin' },
      ...{ afzender: toUrn(police.oin), bericht: about },
      ...(given.handeling === 'verleng' && { verlengd: 1 }),
      ...given,
    },
    TYP.clock,
    player.identity.signing,
  );

const state = (player: Player, verklaring: string) =>
  player.ask('clock', { peer: player.oin, verklaring });

const said = async (player: Player, about: Uuid7, given: Partial<Klok>): Promise<string> => {
  const answer = await state(player, await statement(player, about, given));
  return answer.ok ? 'taken' : answer.problem.code;
};

const at = (when: number) => {
  house.clock.ahead = when - Date.now();
};

test('the receipt of a report starts the clocks of Veilig Thuis, an urgent one one more', async () => {
  await delivered();
  assert.equal(await running(), ['informeren-betrokkene', 'veiligheidsbeoordeling']);
  const urgent = await police.send({ prio: 'spoed' });
  await say(urgent.jws, 'verwerkt');
  assert.is((await running()).filter((term) => term === 'acuut-gevaar').length, 1);
});

test('a second word that it arrived starts nothing again', async () => {
  const { jti, jws } = await delivered();
  await feedback(jti);
  await say(jws, 'verwerkt');
  assert.equal(await running(), ['informeren-betrokkene']);
});

test('feedback ends the clock of the report that it refers to, and no other', async () => {
  const [one] = [await delivered(), await delivered()];
  await feedback(one.jti);
  const open = await openNow(house.rooms, CLOCK);
  const assessments = open
    .map(({ key }) => readClockKey(key))
    .filter((c) => c.term === 'veiligheidsbeoordeling');
  assert.is(assessments.length, 1);
  assert.is.not(assessments[0]?.jti, one.jti);
});

test('a report that is rejected has no clocks', async () => {
  const { jws } = await delivered();
  await say(jws, 'afgewezen');
  assert.equal(await running(), []);
});

test('reminded at each moment once, told at the end, and then it is over', async () => {
  const { jti } = await delivered();
  const begin = Number((await openNow(house.rooms, CLOCK))[0]?.data['begin']);
  const { reminders, end } = momentsOf(TERMS.veiligheidsbeoordeling, begin);
  const told: [string, string, boolean][] = [];
  for (const moment of [...reminders, end]) {
    for (const [when, early] of [
      [moment - 1000, true],
      [moment, false],
      [moment, false],
    ] as const) {
      at(when);
      await actOnDue(house.rooms, CLOCK);
      house.clock.ahead = 0;
      for (const { klok, soort, bericht, eind } of await remindersOf(vt)) {
        if (klok !== 'veiligheidsbeoordeling') continue;
        assert.equal([bericht, eind], [jti, Math.floor(end / 1000)]);
        told.push([klok, soort, early]);
      }
    }
  }
  assert.equal(told, [
    ['veiligheidsbeoordeling', 'loopt', false],
    ['veiligheidsbeoordeling', 'loopt', false],
    ['veiligheidsbeoordeling', 'verstreken', false],
  ]);
  assert.not.ok((await running()).includes('veiligheidsbeoordeling'));
});

test('what passed while no pipeline ran is said in one word', async () => {
  const { jti } = await delivered();
  house.clock.ahead = 30 * DAY;
  await actOnDue(house.rooms, CLOCK);
  house.clock.ahead = 0;
  const told = (await remindersOf(vt)).filter((one) => one.klok === 'veiligheidsbeoordeling');
  assert.equal(
    told.map(({ soort, bericht }) => [soort, bericht]),
    [['verstreken', jti]],
  );
});

test('a clock that the owner begins, makes longer and ends by a signed word', async () => {
  const { jti } = await delivered();
  assert.is(await said(vt, jti, { klok: 'onderzoek' }), 'taken');
  assert.ok((await running()).includes('onderzoek'));
  assert.is(await said(vt, jti, { klok: 'onderzoek', handeling: 'verleng' }), 'statement-invalid');
  assert.is(await said(vt, jti, { klok: 'informeren-betrokkene', handeling: 'verleng' }), 'taken');
  assert.is(await said(vt, jti, { klok: 'informeren-betrokkene', handeling: 'einde' }), 'taken');
  assert.equal(await running(), ['onderzoek', 'veiligheidsbeoordeling']);
  const kinds = (await house.ledger('klok')).filter(({ bericht }) => bericht === jti);
  assert.equal(
    kinds.map(({ klok, handeling }) => `${klok} ${handeling}`),
    ['onderzoek begin', 'informeren-betrokkene verleng', 'informeren-betrokkene einde'],
  );
});

test('the same word again does nothing more: a clock that was ended stays ended', async () => {
  const { jti } = await delivered();
  const begin = await statement(vt, jti, { klok: 'onderzoek' });
  assert.ok((await state(vt, begin)).ok);
  assert.is(await said(vt, jti, { klok: 'onderzoek', handeling: 'einde' }), 'taken');
  assert.ok((await state(vt, begin)).ok);
  assert.not.ok((await running()).includes('onderzoek'));
});

test('a word that makes it longer does so once, also after a fall before it was noted', async () => {
  const { jti } = await delivered();
  const term = { klok: 'informeren-betrokkene' } as const;
  const verklaring = await statement(vt, jti, { ...term, handeling: 'verleng' });
  const falling = (bus: Bus): Bus => ({
    ...bus,
    log: (name) =>
      name === 'ID'
        ? { ...bus.log(name), put: () => Promise.reject(new BusFault('fell')) }
        : bus.log(name),
  });
  const fallen = await house.pipeline((bus) => ({
    ...falling(bus),
    serve: async () => async () => undefined,
  }));
  const fell = await acceptClockStatement(fallen.rooms, vt.oin, verklaring).catch((error) => error);
  assert.instance(fell, BusFault);
  await fallen.stop();
  assert.ok((await state(vt, verklaring)).ok);
  const clocks = (await openNow(house.rooms, CLOCK)).filter(
    ({ key }) => readClockKey(key).term === term.klok,
  );
  assert.equal(
    clocks.map(({ data }) => data['verlengd']),
    [1],
  );
});

test('a word that makes it longer names how often that is in all: said again, in other words too, it is no longer', async () => {
  const { jti } = await delivered();
  const longer = async (verlengd?: number) =>
    said(vt, jti, {
      klok: 'informeren-betrokkene',
      handeling: 'verleng',
      verlengd,
    } as Partial<Klok>);
  const times = async () =>
    (await openNow(house.rooms, CLOCK)).find(
      ({ key }) => readClockKey(key).term === 'informeren-betrokkene',
    )?.data['verlengd'];
  for (const [verlengd, outcome, held] of [
    ...[[2, 'extension-mismatch', 0] as const, [1, 'taken', 1] as const, [1, 'taken', 1] as const],
    ...[[3, 'extension-mismatch', 1] as const, [2, 'taken', 2] as const],
    ...[[1, 'extension-mismatch', 2] as const, [undefined, 'schema-invalid', 2] as const],
  ])
    assert.equal([verlengd, await longer(verlengd), await times()], [verlengd, outcome, held]);
  const begin = { klok: 'onderzoek', handeling: 'begin', verlengd: 1 } as const;
  assert.is(await said(vt, jti, begin), 'schema-invalid', 'with verleng alone');
});

test('a house ban is made longer once: of the municipality that made it', async () => {
  const { jti } = await delivered();
  const { registry } = house.rooms;
  const isTown = (oin: Oin) => {
    const one = registry.agency(oin);
    return one && { ...one, rollen: ['gemeente' as const] };
  };
  const rooms = { ...house.rooms, registry: { ...registry, agency: isTown } };
  const say = async (given: Partial<Klok>) => {
    const jws = await statement(vt, jti, { klok: 'huisverbod', ...given });
    return acceptClockStatement(rooms, vt.oin, jws).then(
      () => 'taken',
      ({ code }) => code,
    );
  };
  assert.is(await say({ handeling: 'begin' }), 'taken');
  for (const [verlengd, outcome] of [
    [1, 'taken'],
    [1, 'taken'],
    [2, 'statement-invalid'],
  ] as const)
    assert.is(await say({ handeling: 'verleng', verlengd }), outcome);
});

test('an extension that comes while a moment of the clock is being told is kept', async () => {
  const { jti } = await delivered();
  const begin = Number((await openNow(house.rooms, CLOCK))[0]?.data['begin']);
  const term = { klok: 'informeren-betrokkene' } as const;
  const end = momentsOf(TERMS[term.klok], begin).end;
  const verklaring = await statement(vt, jti, { ...term, handeling: 'verleng' });
  const { deadlines } = house.rooms;
  const replace: typeof deadlines.replace = async (from, to) => {
    if (readClockKey(from.key).term === term.klok && to?.data['verlengd'] !== 1) {
      const back = house.clock.ahead;
      house.clock.ahead = 0;
      assert.ok((await state(vt, verklaring)).ok);
      house.clock.ahead = back;
    }
    return deadlines.replace(from, to);
  };
  const { reminders } = momentsOf(TERMS[term.klok], begin);
  at(reminders[0] ?? 0);
  assert.ok((reminders[0] ?? 0) < end);
  await actOnDue({ ...house.rooms, deadlines: { ...deadlines, replace } }, CLOCK);
  const found = (await openNow(house.rooms, CLOCK)).find(
    ({ key }) => readClockKey(key).term === term.klok,
  );
  assert.is(found?.data['verlengd'], 1);
});

test('a clock that is ended while it is made longer stays ended', async () => {
  const { jti } = await delivered();
  const term = { klok: 'informeren-betrokkene' } as const;
  const verklaring = await statement(vt, jti, { ...term, handeling: 'verleng' });
  const { deadlines } = house.rooms;
  const find: typeof deadlines.find = async (key) => {
    const found = await deadlines.find(key);
    assert.is(await said(vt, jti, { ...term, handeling: 'einde' }), 'taken');
    return found;
  };
  const rooms = { ...house.rooms, deadlines: { ...deadlines, find } };
  const outcome = await acceptClockStatement(rooms, vt.oin, verklaring).catch((error) => error);
  assert.is(outcome.code, 'temporarily-unavailable');
  assert.not.ok((await running()).includes(term.klok));
  assert.is((await state(vt, verklaring)).ok, false, 'and the same word finds no clock');
});

test('nobody moves the clock of another', async () => {
  const { jti } = await delivered();
  const term: { klok: TermId } = { klok: 'veiligheidsbeoordeling' };
  const before = await running();
  assert.is(await said(police, jti, { ...term, handeling: 'einde' }), 'not-authorised');
  assert.is(await said(vt, newUuid7(house.clock.now()), { klok: 'onderzoek' }), 'not-found');
  const forged = await state(police, await statement(vt, jti, { ...term, handeling: 'einde' }));
  assert.is(!forged.ok && forged.problem.code, 'issuer-mismatch');
  assert.equal(await running(), before);
});

test('an old word, one for another router, one about no clock', async () => {
  const { jti } = await delivered();
  const old = Math.floor(house.clock.now() / 1000) - 700;
  assert.is(await said(vt, jti, { iat: old }), 'statement-invalid');
  assert.is(await said(vt, jti, { aud: toUrn(police.oin) }), 'statement-invalid');
  assert.is(await said(vt, jti, { klok: 'eierkoken' }), 'statement-invalid');
});

test.run();
