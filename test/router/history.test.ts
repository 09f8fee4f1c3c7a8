/** What an agency with a restored store may ask: the receipts since a moment, about its own and nothing else. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type House, openHouse } from './house.ts';
import { accepted } from './player.ts';

let house: House;
test.before(async () => {
  house = await openHouse();
});
test.after(() => house.stop());

const ALL = { sinds: 0, na: 0 } as const;

test('each side is told its own receipts, and a third party none', async () => {
  const [police, vt, halt] = await Promise.all(
    (['politie', 'vt', 'halt'] as const).map((name) => house.agency(name)),
  );
  assert.ok(police && vt && halt);
  const sent = await police.send({});
  const receipt = await vt.receipt(sent.jws, 'afgeleverd');
  await vt.collect({ ontvangstbewijzen: [receipt] });
  const received = await vt.ask('history', {
    peer: vt.oin,
    bewijs: await vt.ticket(),
    kant: 'ontvangen',
    ...ALL,
  });
  assert.equal(received.ok && received.value, { ontvangstbewijzen: [receipt] });
  const own = await police.ask('history', {
    peer: police.oin,
    bewijs: await police.ticket(),
    kant: 'verzonden',
    ...ALL,
  });
  assert.equal(own.ok && own.value.ontvangstbewijzen, [accepted(sent).ontvangstbewijs, receipt]);
  for (const kant of ['ontvangen', 'verzonden'] as const) {
    const other = await halt.ask('history', {
      peer: halt.oin,
      bewijs: await halt.ticket(),
      kant,
      ...ALL,
    });
    assert.equal(other.ok && other.value, { ontvangstbewijzen: [] });
  }
  const none = await vt.ask('history', {
    peer: vt.oin,
    bewijs: await vt.ticket(),
    kant: 'verzonden',
    ...ALL,
  });
  assert.equal(none.ok && none.value, { ontvangstbewijzen: [] });
});

test('since a moment: what was before is not told', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const early = await police.send({});
  await vt.collect({ ontvangstbewijzen: [await vt.receipt(early.jws, 'afgeleverd')] });
  // The broker keeps the time: the next whole second by its clock.
  const sinds = Math.floor(Date.now() / 1000) + 1;
  await new Promise((done) => setTimeout(done, sinds * 1000 + 20 - Date.now()));
  const late = await police.send({});
  const receipt = await vt.receipt(late.jws, 'afgeleverd');
  await vt.collect({ ontvangstbewijzen: [receipt] });
  const answer = await vt.ask('history', {
    peer: vt.oin,
    bewijs: await vt.ticket(),
    kant: 'ontvangen',
    sinds,
    na: 0,
  });
  assert.equal(answer.ok && answer.value, { ontvangstbewijzen: [receipt] });
  const future = await vt.ask('history', {
    ...{ peer: vt.oin, bewijs: await vt.ticket(), kant: 'ontvangen', na: 0 },
    sinds: sinds + 3600,
  });
  assert.equal(future.ok && future.value, { ontvangstbewijzen: [] });
});

test('what is no moment, place or side is refused', async () => {
  const vt = await house.agency('vt');
  const bewijs = await vt.ticket();
  const good = { peer: vt.oin, bewijs, kant: 'ontvangen', ...ALL } as const;
  for (const bad of [{ sinds: -1 }, { sinds: 1.5 }, { na: -1 }, { kant: 'alles' as 'ontvangen' }]) {
    const answer = await vt.ask('history', { ...good, ...bad });
    assert.is(!answer.ok && answer.problem.code, 'bad-request');
  }
});

test.run();
