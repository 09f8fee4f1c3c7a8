/** What both webhooks do: all that is due at once, and one turn after the other. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openCalling } from '../../../adapters/connectors/webhook/calling.ts';
import { until } from '../stand.ts';

// After a turn that failed the next one comes at once.
const rooms = { log: { warn() {} }, clock: { now: () => 0 }, longestWaitMs: 1 } as never;
const config = { url: 'http://127.0.0.1:1', timeoutSeconds: 1 };
/** What needs no more than a few turns of the event loop has come by then. */
const soon = async () => {
  for (let n = 0; n < 20; n += 1) await new Promise((done) => setTimeout(done, 1));
};

test('one that does not open fails its turn when the others of it are told: none is told twice at once, and a stop waits', async () => {
  const told: string[] = [];
  const finish: Record<string, () => void> = {};
  const due = new Set(['broken', 'slow']);
  const calling = openCalling<string>(rooms, config, {
    ...{ name: 'a webhook', connections: 1, due: () => [...due], soonest: () => null },
    async tell(one) {
      told.push(one);
      if (told.length === 1) throw new Error('it does not open');
      await new Promise<void>((done) => {
        finish[one] = done;
      });
      due.delete(one);
    },
  });
  calling.start();
  await until('the first turn', () => finish['slow']);
  await soon();
  assert.equal(told, ['broken', 'slow']);
  finish['slow']?.();
  await until('the next turn', () => finish['broken']);
  assert.equal(told, ['broken', 'slow', 'broken']);
  let stopped = false;
  const stop = calling.stop().then(() => {
    stopped = true;
  });
  await soon();
  assert.not.ok(stopped, 'what is under way is finished first');
  finish['broken']?.();
  await stop;
});

test.run();
