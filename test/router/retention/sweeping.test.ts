/**
 * The second line, on a real broker: whatever was left behind by a fall between receipt and erasing
 * is found and overwritten; whatever may stay stays.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../../certs/digest.ts';
import { isConflict } from '../../../router/bus/bus.ts';
import { subjects } from '../../../router/bus/subjects.ts';
import { readFact } from '../../../router/receipts/read-fact.ts';
import { countContents } from '../../../router/retention/holdings.ts';
import { DAY, HOUR } from '../../../router/retention/limits.ts';
import { makeReport } from '../../../router/retention/report.ts';
import { sweep } from '../../../router/retention/sweep.ts';
import { startRetention } from '../../../router/retention.ts';
import { newUuid7, type Uuid7 } from '../../../schemas/ids.ts';
import { until } from '../../town/wait.ts';
import { type House, openHouse } from '../house.ts';
import { accepted, type Player } from '../player.ts';

let house: House;
let police: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse();
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
});
test.after(() => house.stop());
test.after.each(() => {
  house.clock.ahead = 0;
});

const always = async () => true;
const round = () => sweep(house.rooms, always);
const placeOf = (id: Uuid7) =>
  ({ recipient: vt.oin, prio: 'spoed', from: police.oin, id }) as const;
const lies = (id: Uuid7) => house.rooms.mailboxes.has(placeOf(id));
const now = () => Math.floor(house.clock.now() / 1000);

/** As a pipeline that fell after it kept the receipt and before it erased the copy. */
async function deliverWithoutErasing(exp?: number): Promise<Uuid7> {
  const sent = await police.send(exp === undefined ? {} : { exp });
  accepted(sent);
  const jws = await vt.receipt(sent.jws, 'afgeleverd');
  await house.rooms.receipts.keep(police.oin, sent.claims.jti, vt.oin, 'afgeleverd', jws);
  return sent.claims.jti;
}

test('a copy that was left behind after its receipt is erased, and the ledger says so', async () => {
  const left = await deliverWithoutErasing();
  const waiting = (await police.send({})).claims.jti;
  assert.is((await round()).erased, 0, 'the receipt itself is given its time');
  assert.ok(await lies(left));
  house.clock.ahead = 11 * 60_000;
  const { looked, erased, failed } = await round();
  assert.equal({ erased, failed }, { erased: 1, failed: 0 });
  assert.ok(looked >= 2);
  assert.equal([await lies(left), await lies(waiting)], [false, true]);
  const [told] = (await house.ledger('gewist')).filter(({ bericht }) => bericht === left);
  assert.is(told?.['soort'], 'kopie');
  assert.is(told?.['reden'], 'afgehandeld');
  assert.is(told?.['ontvanger'], vt.oin);
  assert.is((await round()).erased, 0);
});

test('a copy that its recipient said it cannot read goes; the one that was sealed anew stays', async () => {
  const sent = await police.send({});
  accepted(sent);
  const { jti } = sent.claims;
  const word = await vt.receipt(sent.jws, 'onleesbaar');
  await house.rooms.receipts.add(police.oin, jti, vt.oin, 'onleesbaar', word);
  house.clock.ahead = 11 * 60_000;
  assert.is((await round()).erased, 1);
  assert.not.ok(await lies(jti));
  accepted(await police.offer(sent.jwe));
  assert.ok(await lies(jti));
  house.clock.ahead = 20 * HOUR;
  assert.is((await round()).erased, 0);
  assert.ok(await lies(jti));
});

test('a copy without its record is told of at its end: it would lie there for ever', async () => {
  const id = newUuid7(house.clock.now());
  const place = { ...placeOf(id), recipient: (await house.agency('halt')).oin };
  const label = { ...place, kind: 'aflevering', exp: now() + 60, dig: digestOf('lost') } as const;
  await house.rooms.mailboxes.store(label, 'x'.repeat(200));
  assert.is((await round()).erased, 0);
  house.clock.ahead = HOUR;
  assert.is((await round()).erased, 1);
  assert.not.ok(await house.rooms.mailboxes.has(place));
  const [jws = ''] = (await police.collect()).ontvangstbewijzen;
  assert.is(readFact(jws).staat, 'onbestelbaar');
  assert.is(readFact(jws).bericht, id);
});

test('a copy past its end that nobody told of is told of before the limit', async () => {
  const sent = await police.send({ exp: now() + 60 });
  accepted(sent);
  house.clock.ahead = 2 * HOUR;
  await round();
  assert.ok(await lies(sent.claims.jti), 'first it is the turn of the deadlines');
  house.clock.ahead = 13 * HOUR;
  await round();
  assert.not.ok(await lies(sent.claims.jti));
  const kept = await house.rooms.receipts.find(
    ...([police.oin, sent.claims.jti, vt.oin, 'onbestelbaar'] as const),
  );
  assert.ok(kept);
});

test('a receipt that its sender never fetches goes after six months', async () => {
  const sent = await police.send({});
  const jws = await vt.receipt(sent.jws, 'afgeleverd');
  await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: jws });
  const count = () => house.rooms.bus.log('MAILBOX').count(subjects.mailboxes);
  house.clock.ahead = 169 * DAY;
  await round();
  const before = await count();
  assert.ok(before > 0);
  await round();
  assert.is(await count(), before);
  house.clock.ahead = 171 * DAY;
  await round();
  assert.is(await count(), 0);
});

test('a dead letter whose message has been accepted since goes; another waits for its five days', async () => {
  const { deadletters } = house.rooms;
  const sent = await police.send({});
  accepted(sent);
  const story = {
    peer: police.oin,
    prio: 'spoed',
    stage: 'seal',
    cause: 'Error',
    attempts: 3,
  } as const;
  const known = { ...story, pile: 'ours', sender: police.oin, jti: sent.claims.jti } as const;
  await deadletters.park(known, Buffer.from('sealed one'));
  await deadletters.park({ ...story, pile: 'poison' }, Buffer.from('sealed two'));
  house.clock.ahead = HOUR;
  await round();
  assert.equal(
    (await house.parked()).map(({ pile }) => pile),
    ['poison'],
  );
  house.clock.ahead = 5 * DAY + 2 * HOUR;
  await round();
  assert.equal(await house.parked(), []);
  const told = (await house.ledger('gewist')).filter(({ soort }) => soort === 'dode-letter');
  assert.equal(
    told.map(({ reden }) => reden),
    ['beslist', 'verlopen'],
  );
});

test('a dead letter of what a recipient cannot read waits for its redrive until every copy is settled', async () => {
  const { deadletters } = house.rooms;
  const sent = await police.send({});
  accepted(sent);
  const about = {
    sender: police.oin,
    jti: sent.claims.jti,
    peer: police.oin,
    prio: 'spoed',
  } as const;
  const story = { stage: 'resolve', cause: 'unreadable', attempts: 3 } as const;
  await deadletters.park({ ...about, ...story, pile: 'partner' }, Buffer.from('sealed three'));
  const waits = async () => (await house.parked()).some(({ jti }) => jti === sent.claims.jti);
  house.clock.ahead = DAY;
  await round();
  assert.ok(await waits(), 'its message was accepted, and is not delivered');
  house.clock.ahead = 0;
  const ontvangstbewijs = await vt.receipt(sent.jws, 'afgeleverd');
  assert.ok((await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })).ok);
  house.clock.ahead = HOUR;
  await round();
  assert.not.ok(await waits());
});

test('the count says what waits, and that the promise is broken while something is there too long', async () => {
  const left = await deliverWithoutErasing(now() + 3 * 86_400);
  const count = async () => {
    const contents = await countContents(house.rooms, null);
    return { contents, report: makeReport([], contents, house.clock.now()) };
  };
  const young = await count();
  assert.is(young.contents.copies.due, 1);
  assert.is(young.contents.copies.overdue, 0);
  assert.is(young.report.promise, 'kept');
  house.clock.ahead = 25 * HOUR;
  const old = await count();
  assert.is(old.contents.copies.overdue >= 1, true);
  assert.is(old.report.promise, 'broken');
  assert.match(old.report.faults.join(), 'sealed copies still there');
  await round();
  assert.is((await count()).report.promise, 'kept');
  assert.not.ok(await lies(left));
  assert.not.match(JSON.stringify(old.contents), /\d{20}|[0-9a-f]{8}-/);
});

test('it runs by itself, once for all pipelines, and stops in the middle when told to', async () => {
  const left = await deliverWithoutErasing();
  house.clock.ahead = HOUR;
  let held = false;
  const lease = { hold: async () => held, release: async () => undefined };
  const stop = await startRetention(house.rooms, { everyMs: 40, lease });
  assert.ok(await lies(left));
  held = true;
  await until('the copy to be erased', async () => !(await lies(left)));
  await stop();
  const put = await house.rooms.bus.log('MAILBOX').put('mailbox.v1.x.spoed.y.z', Buffer.from(''));
  assert.not.ok(isConflict(put));
});

test.run();
