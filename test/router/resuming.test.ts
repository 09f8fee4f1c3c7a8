/**
 * A fall between any two writes. Each write of a message's path is made to fail once, before and
 * after it was done; the message is offered again to a pipeline that is well, and must then be
 * accepted once, delivered once, and told in the ledger.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { keyOfMessage } from '../../router/deadlines/message-key.ts';
import { type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { openNow } from './due.ts';
import { Falls } from './falls.ts';
import { type House, openHouse } from './house.ts';
import { accepted, body, type Player, refused } from './player.ts';

let house: House;
test.before(async () => {
  house = await openHouse({ serves: false });
});
test.after(() => house.stop());

const copies = (jti: string) => house.rooms.bus.log('MAILBOX').count(`mailbox.v1.*.*.*.${jti}`);
const hasDeadline = async (sender: Oin, jti: Uuid7) =>
  (await openNow(house.rooms)).some(({ key }) => key === keyOfMessage(sender, jti));
const RECIPIENTS = ['vt', 'reclassering'] as const;

const question = (om: Player) =>
  om.claims({
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f' },
    aud: RECIPIENTS.map((name) => toUrn(AGENCIES[name].oin)),
    inhoud: body('check-op-bekendheid', 'zsm'),
  });

/** Runs a message through a pipeline with falls. */
async function offerTo(falls: Falls, jwe: string) {
  const pipeline = await house.pipeline(falls.wrap);
  const om = await house.agency('om');
  const answer = await om.offer(jwe);
  await pipeline.stop();
  return { answer, lines: pipeline.lines };
}

test('the path of two copies takes ten writes, in this order', async () => {
  const om = await house.agency('om');
  const falls = new Falls();
  const { answer } = await offerTo(falls, await om.seal(await om.sign(question(om))));
  accepted(answer);
  assert.equal(falls.names, [
    ...['LEDGER put', 'LEDGER put'],
    ...['ID put', 'LEDGER put', 'DEADLINE open', 'MAILBOX put', 'MAILBOX put'],
    ...['RECEIPT put', 'LEDGER put', 'ID put'],
  ]);
});

for (const done of [false, true]) {
  for (let at = 1; at <= 10; at++) {
    test(`falls ${done ? 'after' : 'before'} write ${at}: a re-offer goes on from there`, async () => {
      const om = await house.agency('om');
      const claims = question(om);
      const jws = await om.sign(claims);
      const jwe = await om.seal(jws);
      const { answer, lines } = await offerTo(new Falls({ at, done }), jwe);
      assert.is(refused(answer).code, 'temporarily-unavailable');
      assert.ok(lines.some(({ msg }) => msg === 'message failed'));

      // A copy that lies there is never without its deadline, whatever fell.
      assert.ok((await copies(claims.jti)) === 0 || (await hasDeadline(om.oin, claims.jti)));
      const { answer: again } = await offerTo(new Falls(), await om.seal(jws));
      assert.ok(await hasDeadline(om.oin, claims.jti));
      const { ontvangstbewijs, ontvangers } = accepted(again);
      assert.equal(
        ontvangers,
        RECIPIENTS.map((name) => AGENCIES[name].oin),
      );
      assert.is(await copies(claims.jti), 2);
      assert.is((await house.rooms.ids.find(om.oin, claims.jti))?.verdict, 'accepted');

      const told = (await house.ledger('aanvaard')).filter((e) => e['bericht'] === claims.jti);
      assert.ok(told.length >= 1);
      assert.ok(told.every((e) => e['ontvangstbewijs'] === digestOf(ontvangstbewijs)));
      const { answer: once } = await offerTo(new Falls(), jwe);
      assert.is(accepted(once).ontvangstbewijs, ontvangstbewijs);
    });
  }
}

test('who collected before the fall is not given it again', async () => {
  const [om, vt] = [await house.agency('om'), await house.agency('vt')];
  const claims = question(om);
  const jws = await om.sign(claims);
  await offerTo(new Falls({ at: 8, done: false }), await om.seal(jws));
  assert.is((await house.rooms.ids.find(om.oin, claims.jti))?.verdict, 'intended');
  const well = await house.pipeline();
  await vt.collect({ ontvangstbewijzen: [await vt.receipt(jws, 'afgeleverd')] });
  accepted(await om.offer(await om.seal(jws)));
  assert.is(await copies(claims.jti), 1);
  await well.stop();
});

test('a refusal that could not be remembered is refused again, and then remembered', async () => {
  const om = await house.agency('om');
  const claims = om.claims({ versie: '9.9' });
  const jwe = await om.seal(await om.sign(claims));
  for (const at of [1, 2]) {
    const { answer } = await offerTo(new Falls({ at, done: false }), jwe);
    assert.is(refused(answer).code, 'temporarily-unavailable');
    assert.is(await house.rooms.ids.find(om.oin, claims.jti), undefined);
  }
  const first = refused((await offerTo(new Falls(), jwe)).answer);
  assert.is(first.code, 'type-unknown');
  assert.equal(refused((await offerTo(new Falls(), jwe)).answer), first);
});

test.run();
