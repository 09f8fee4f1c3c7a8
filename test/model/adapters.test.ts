/**
 * Stories between two adapters with real stores: lost answers, restarts, receipts taken by others, a
 * router that forgets, deliveries twice. In the end each message is with its recipient once, and the
 * sender knows what the recipient decided.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RECEIPT_EVENT } from '../../schemas/typ.ts';
import { until } from '../town/wait.ts';
import { COMMANDS, checkRecipient, checkSender } from './adapters/commands.ts';
import { type Model, POLICE, VT, World } from './adapters/world.ts';
import { runModel } from './run.ts';

let world: World;
test.before(async () => {
  world = await World.open();
});
test.after(() => world.stand.close());

async function begin(): Promise<{ model: Model; real: World }> {
  const up = new Set(['politie', 'vt'] as const);
  for (const name of up) if (world.rooms(name) === undefined) await world.start(name);
  world.failing = { count: 0, how: 'cut' };
  const empty = { decided: new Map(), seen: new Map(), signed: new Map() };
  return { model: { sent: [], up, ...empty }, real: world };
}

/** Nothing falls any more, and time goes on: every message is there, and everything told. */
async function finish(model: Model): Promise<void> {
  world.failing = { count: 0, how: 'cut' };
  for (const name of ['politie', 'vt'] as const)
    if (world.rooms(name) === undefined) await world.start(name);
  const { router } = world.stand.door;
  router.mail.stolen = 0;
  const [police, vt] = [world.rooms('politie')?.store, world.rooms('vt')?.store];
  for (const [index, jti] of model.sent.entries()) {
    let looks = 0;
    await until(`message ${index + 1} to be settled as vt decided`, async () => {
      router.mail.giveAgain();
      if (looks++ % 4 === 0) await world.later(looks > 12 ? 7 * 3600 : 130);
      world.ring();
      const [copy] = police?.outbox.recipients(jti) ?? [];
      return copy?.state === (model.decided.get(jti) ?? 'afgeleverd');
    });
    assert.is(police?.outbox.get(jti)?.state, 'afgerond');
    assert.is(vt?.inbox.get(POLICE, jti)?.state, model.decided.get(jti) ?? 'afgeleverd');
    const given = police?.outbox.recipients(jti).map(({ oin }) => oin);
    assert.equal(given, [VT]);
    // Once more, and it is answered with what was signed then.
    const record = router.records.get(jti);
    const answers = () =>
      router.given.filter(({ events }) => events[RECEIPT_EVENT].bericht === jti);
    const before = answers().length;
    if (record === undefined) continue;
    await router.deliver(record.jws, VT);
    await until('an answer', () => answers().length > before);
  }
  checkSender(model, world);
  checkRecipient(model, world);
}

test('whatever is lost on the way, each message is there once and its sender knows', async () => {
  const stories = fc.asyncProperty(
    fc.commands(COMMANDS, { maxCommands: 20, size: 'max' }),
    async (commands) => {
      let model: Model | undefined;
      await fc.asyncModelRun(async () => {
        const begun = await begin();
        model = begun.model;
        return begun;
      }, commands);
      if (model !== undefined) await finish(model);
    },
  );
  const told = await runModel(stories);
  assert.ok(told > 0);
  process.stdout.write(`${told} stories\n`);
});

test.run();
