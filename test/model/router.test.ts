/**
 * Stories that nobody thought of: messages, receipts, falls of the pipeline between any two writes,
 * lost copies, clocks and suspensions in any order, against the real rooms on a real broker. After
 * each step the router must be where a simple model of docs/states.md says.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from './router/commands.ts';
import { finish } from './router/finish.ts';
import type { Model } from './router/model.ts';
import { World } from './router/world.ts';
import { runModel } from './run.ts';

let world: World;
test.before(async () => {
  world = await World.open();
});
test.after(() => world.close());

async function begin(): Promise<{ model: Model; real: World }> {
  await world.reset();
  return { model: { messages: [], suspended: new Set(), now: world.now }, real: world };
}

test('never neither, never twice, and everything told, whatever happens in between', async () => {
  const stories = fc.asyncProperty(
    fc.commands(COMMANDS, { maxCommands: 25, size: 'max' }),
    async (commands) => {
      let model: Model | undefined;
      await fc.asyncModelRun(async () => {
        const begun = await begin();
        model = begun.model;
        return begun;
      }, commands);
      if (model !== undefined) await finish(model, world);
    },
  );
  const told = await runModel(stories);
  assert.ok(told > 0);
  process.stdout.write(`${told} stories\n`);
});

test.run();
