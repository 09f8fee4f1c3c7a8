/** What nobody collected before its end: the sender is told, the copy goes, and a late word still counts. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { startDeadlines } from '../../router/deadlines/keeper.ts';
import { keepMessageDeadline } from '../../router/deadlines/message.ts';
import { keyOfMessage, MESSAGE } from '../../router/deadlines/message-key.ts';
import type { Deadline } from '../../router/deadlines.ts';
import { readFact } from '../../router/receipts/read-fact.ts';
import { toUrn } from '../../schemas/ids.ts';
import { until } from '../town/wait.ts';
import { actOnDue, openNow } from './due.ts';
import { type House, openHouse } from './house.ts';
import { accepted, body, type Player } from './player.ts';

let house: House;
let police: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse();
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
});
test.after(() => house.stop());

const normal = (claims: object) => ({ prio: 'normaal', ...claims }) as const;
const soon = () => ({ exp: Math.floor(house.clock.now() / 1000) + 60 });

test('nothing happens before the end; after it the sender is told, once for each copy', async () => {
  const [sent, other] = [await police.send(normal(soon())), await police.send(normal({}))];
  accepted(sent);
  accepted(other);
  assert.is(await actOnDue(house.rooms), 0);
  house.clock.ahead = 61_000;
  assert.is(await actOnDue(house.rooms), 1);
  assert.is(await actOnDue(house.rooms), 0);
  assert.is((await openNow(house.rooms)).length, 1, 'of the other');
  const place = { recipient: vt.oin, prio: 'normaal', from: police.oin } as const;
  const has = (id: typeof sent.claims.jti) => house.rooms.mailboxes.has({ ...place, id });
  assert.equal([await has(sent.claims.jti), await has(other.claims.jti)], [false, true]);

  const [jws = ''] = (await police.collect()).ontvangstbewijzen;
  assert.equal(readFact(jws), {
    ...{ staat: 'onbestelbaar', afzender: toUrn(police.oin), bericht: sent.claims.jti },
    ...{ dig: digestOf(sent.jws), code: 'not-collected', ontvanger: toUrn(vt.oin) },
  });
  const status = await police.ask('status', {
    peer: police.oin,
    bewijs: await police.ticket(),
    bericht: sent.claims.jti,
  });
  assert.is(status.ok && status.value.ontvangers[0]?.staat, 'onbestelbaar');

  const late = await vt.receipt(sent.jws, 'afgeleverd');
  await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: late });
  const after = await police.ask('status', {
    peer: police.oin,
    bewijs: await police.ticket(),
    bericht: sent.claims.jti,
  });
  assert.is(after.ok && after.value.ontvangers[0]?.staat, 'afgeleverd');
  house.clock.ahead = 0;
});

test('a message that has ended is not offered anew under the same id', async () => {
  const sent = await police.send(normal(soon()));
  house.clock.ahead = 61_000;
  await actOnDue(house.rooms);
  assert.is(accepted(await police.offer(sent.jwe, { prio: 'normaal' })).herhaald, true);
  const count = await house.rooms.bus.log('MAILBOX').count(`mailbox.v1.*.*.*.${sent.claims.jti}`);
  assert.is(count, 0);
  house.clock.ahead = 0;
});

test('of a copy that was lost the sender is told as well: never neither', async () => {
  const sent = await police.send(normal(soon()));
  const { jti: id } = sent.claims;
  await house.rooms.mailboxes.erase({ recipient: vt.oin, prio: 'normaal', from: police.oin, id });
  house.clock.ahead = 61_000;
  await actOnDue(house.rooms);
  assert.ok(await house.rooms.receipts.find(police.oin, id, vt.oin, 'onbestelbaar'));
  house.clock.ahead = 0;
});

test('of several copies the deadline stays until the last is settled', async () => {
  const [om, rvdk, reclassering] = await Promise.all(
    (['om', 'rvdk', 'reclassering'] as const).map((name) => house.agency(name)),
  );
  if (!om || !rvdk || !reclassering) throw new Error('nobody there');
  const sent = await om.send({
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f', prio: 'normaal' },
    ...{ aud: [rvdk, reclassering].map(({ oin }) => toUrn(oin)) },
    inhoud: body('check-op-bekendheid', 'zsm'),
  });
  accepted(sent);
  const isOpen = async () =>
    (await openNow(house.rooms)).some(({ key }) => key === keyOfMessage(om.oin, sent.claims.jti));
  const say = async (player: Player) => {
    const ontvangstbewijs = await player.receipt(sent.jws, 'afgeleverd');
    assert.ok((await player.ask('receipt', { peer: player.oin, ontvangstbewijs })).ok);
  };
  await say(rvdk);
  // What closes it runs behind: the second receipt comes after whatever the first set going.
  assert.is(await isOpen(), true);
  await say(reclassering);
  await until('its end', async () => !(await isOpen()));
});

test('whoever gains the lease acts on what is due', async () => {
  const sent = await police.send(normal(soon()));
  let held = false;
  const lease = { hold: async () => held, release: async () => undefined };
  const { deadlines, clock, metrics, log } = house.rooms;
  const handle = (deadline: Deadline) => keepMessageDeadline(house.rooms, deadline);
  const handlers = { [MESSAGE]: handle };
  const parts = { deadlines, lease, handlers, clock, metrics, log, everyMs: 20 };
  const stop = startDeadlines(parts);
  house.clock.ahead = 61_000;
  const kept = () => house.rooms.receipts.find(police.oin, sent.claims.jti, vt.oin, 'onbestelbaar');
  assert.is(await kept(), undefined);
  held = true;
  await until('the word that it could not be delivered', kept);
  await stop();
  house.clock.ahead = 0;
});

test.run();
