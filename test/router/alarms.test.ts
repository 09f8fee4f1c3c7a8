/** Urgent messages that take too long: who is told what, once, and that nothing follows from it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readJws } from '../../certs/verify.ts';
import { raiseAlarm } from '../../router/alarm.ts';
import type { Alarm } from '../../schemas/generated/wire.ts';
import { toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { noteOf } from '../town/note-of.ts';
import { until } from '../town/wait.ts';
import { ask, reply, withdraw, withdrawalOf } from './consulting.ts';
import { actOnDue, openNow } from './due.ts';
import { changing, type House, openHouse } from './house.ts';
import { accepted, type Player } from './player.ts';

const MINUTE = 60_000;

let house: House;
let police: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse();
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
});
test.before.each(async () => {
  house.clock.ahead = 0;
  for (const { key } of await openNow(house.rooms)) await house.rooms.deadlines.close(key);
  await alarmsOf(police);
  await alarmsOf(vt);
});
test.after(() => house.stop());

/** What an agency is told, opened; it says that it has seen it. */
async function alarmsOf(player: Player): Promise<Alarm[]> {
  const { alarmen = [], ontvangstbewijzen } = await player.collect({ maximum: 50 });
  await player.collect({ gezien: [...alarmen, ...ontvangstbewijzen].map(noteOf) });
  return alarmen.map((jws) => checkWire('alarm', readJws(jws, TYP.alarm).claims));
}

const say = async (jws: string, state: 'afgeleverd' | 'verwerkt', who = vt) => {
  const ontvangstbewijs = await who.receipt(jws, state);
  assert.ok((await who.ask('receipt', { peer: who.oin, ontvangstbewijs })).ok);
};

test('an urgent message that is not delivered in time: both are told once, with the telephone of the other', async () => {
  const before = (await house.ledger('alarm')).length;
  const sent = await police.send({});
  accepted(sent);
  house.clock.ahead = 4 * MINUTE;
  assert.is(await actOnDue(house.rooms), 0);
  house.clock.ahead = 5 * MINUTE;
  assert.is(await actOnDue(house.rooms), 1);
  const [toPolice, ...more] = await alarmsOf(police);
  const [toVt, ...others] = await alarmsOf(vt);
  assert.equal([more, others], [[], []]);
  const about = {
    ...{ iss: toUrn(OPERATOR.oin), soort: 'niet-afgeleverd', afzender: toUrn(police.oin) },
    ...{ bericht: sent.claims.jti, ontvanger: toUrn(vt.oin) },
  };
  const { jti: _a, iat: _b, sinds, ...toldPolice } = toPolice as Alarm;
  assert.equal(toldPolice, { ...about, aud: toUrn(police.oin), telefoon: AGENCIES.vt.telefoon });
  assert.ok(Math.abs(sinds - sent.claims.iat) < 30);
  const { jti: _c, iat: _d, sinds: _e, ...toldVt } = toVt as Alarm;
  assert.equal(toldVt, { ...about, aud: toUrn(vt.oin), telefoon: AGENCIES.politie.telefoon });

  const entries = (await house.ledger('alarm')).slice(before);
  assert.equal(
    entries.map(({ bericht, ontvanger, soort, telefoon }) => [bericht, ontvanger, soort, telefoon]),
    [[sent.claims.jti, vt.oin, 'niet-afgeleverd', true]],
  );
  assert.match(await house.rooms.metrics.text(), /alarms_total\{late="niet-afgeleverd"\} 1/);
  house.clock.ahead = 60 * MINUTE;
  await actOnDue(house.rooms);
  house.clock.ahead = 120 * MINUTE;
  await actOnDue(house.rooms);
  assert.equal([await alarmsOf(police), await alarmsOf(vt)], [[], []], 'once');
  const status = await police.ask('status', {
    peer: police.oin,
    bewijs: await police.ticket(),
    bericht: sent.claims.jti,
  });
  assert.is(status.ok && status.value.ontvangers[0]?.staat, 'wacht', 'states stand as they are');
});

test('one that is delivered and not taken over: since the delivery; and never after it was', async () => {
  const [late, done] = [await police.send({}), await police.send({})];
  accepted(late);
  await say(late.jws, 'afgeleverd');
  await say(done.jws, 'afgeleverd');
  await say(done.jws, 'verwerkt');
  await until('one deadline left', async () => (await openNow(house.rooms)).length === 1);
  house.clock.ahead = 6 * MINUTE;
  await actOnDue(house.rooms);
  assert.equal(await alarmsOf(police), []);
  house.clock.ahead = 31 * MINUTE;
  await actOnDue(house.rooms);
  const told = [...(await alarmsOf(police)), ...(await alarmsOf(vt))];
  assert.equal(
    told.map(({ soort, bericht }) => [soort, bericht]),
    Array(2).fill(['niet-verwerkt', late.claims.jti]),
  );
  assert.equal(await openNow(house.rooms), [], 'nothing is left to be looked at');
});

test('what nobody need take over raises none: a question answered or withdrawn, the answer to it, a withdrawn report', async () => {
  const om = await house.agency('om');
  const question = await ask(house, ['vt']);
  accepted(question);
  const other = await ask(house, ['vt']);
  accepted(other);
  const [report, waits] = [await police.send({}), await police.send({})];
  for (const one of [report, waits]) accepted(one);
  const answer = await reply(house, 'vt', question.claims, { prio: 'spoed' });
  const taken = await withdraw(house, other.claims, ['vt']);
  const back = await police.send({ ...withdrawalOf(report.claims, ['vt']), prio: 'normaal' });
  accepted(back);
  for (const { jws } of [question, other, taken, report, waits]) await say(jws, 'afgeleverd');
  await say(answer.jws, 'afgeleverd', om);
  house.clock.ahead = 31 * MINUTE;
  assert.ok((await actOnDue(house.rooms)) >= 5);
  for (const one of [police, vt, om]) {
    const told = (await alarmsOf(one)).map(({ bericht }) => bericht);
    assert.equal(told, one === om ? [] : [waits.claims.jti]);
  }
});

test('normal messages never raise one; settled ones leave no deadline', async () => {
  const sent = await police.send({ prio: 'normaal' });
  accepted(sent);
  assert.is((await openNow(house.rooms))[0]?.due, sent.claims.exp * 1000);
  house.clock.ahead = 600 * MINUTE;
  assert.is(await actOnDue(house.rooms), 0);
  house.clock.ahead = 0;
  await say(sent.jws, 'afgeleverd');
  await until('its end', async () => (await openNow(house.rooms)).length === 0);
});

test('for a suspended recipient the message is kept and the clocks run on', async () => {
  await house.register(changing(vt.oin, (draft) => ({ ...draft, status: 'geschorst' })));
  const sent = await police.send({});
  accepted(sent);
  house.clock.ahead = 5 * MINUTE;
  await actOnDue(house.rooms);
  const [alarm] = await alarmsOf(police);
  assert.equal([alarm?.bericht, alarm?.telefoon], [sent.claims.jti, AGENCIES.vt.telefoon]);
  await house.register(changing(vt.oin, (draft) => ({ ...draft, status: 'actief' })));
  const { afleveringen, alarmen } = await vt.collect({ maximum: 50 });
  assert.ok(afleveringen.some(({ bericht }) => bericht === sent.claims.jti));
  assert.is(alarmen?.length, 1);
});

test('after a fall in between, the same alarm again: one in each mailbox', async () => {
  const sent = await police.send({});
  const { sender, jti, dig } = { sender: police.oin, jti: sent.claims.jti, dig: accepted(sent) };
  const record = await house.rooms.ids.find(sender, jti);
  assert.ok(dig && record);
  const late = {
    ...({ soort: 'niet-afgeleverd', sender, jti, recipient: vt.oin, since: 1_000 } as const),
    dig: record?.dig as never,
  };
  await raiseAlarm(house.rooms, late);
  await raiseAlarm(house.rooms, late);
  assert.equal([(await alarmsOf(police)).length, (await alarmsOf(vt)).length], [1, 1]);
});

test('nothing can be receipted about an alarm', async () => {
  const sent = await police.send({});
  accepted(sent);
  house.clock.ahead = 5 * MINUTE;
  await actOnDue(house.rooms);
  const [alarm] = await alarmsOf(vt);
  const receipt = await vt.receipt(sent.jws, 'afgeleverd', {
    fact: { bericht: alarm?.jti as never, afzender: toUrn(OPERATOR.oin) },
    claims: { aud: toUrn(OPERATOR.oin) },
  });
  const answer = await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt });
  assert.is(!answer.ok && answer.problem.code, 'receipt-invalid');
});

test.run();
