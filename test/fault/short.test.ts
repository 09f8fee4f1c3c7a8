/** The fault suite in short: that it counts what it should, and the two fastest faults. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from './count.ts';
import { killOften } from './stories/kills.ts';
import type { Story } from './story.ts';
import { type TellOptions, tell } from './tell.ts';
import { isGood } from './told.ts';

const usual: TellOptions = { quick: true, seed: 7, perSecond: 8, say: () => undefined };

const once = (name: string, part: string): Story => ({
  ...{ name, fault: `kill -9 of ${part}` },
  begin: () => ({
    town: name === 'pipeline' ? { roles: ['door', 'pipeline'] } : {},
    act: async (stage) => ({ moments: await killOften(stage, part, 1) }),
  }),
});

/** Loses the third hand-over and doubles the fifth, as a broken adapter would. */
function spoil() {
  let count = 0;
  return (effect: Effect): readonly Effect[] => {
    count += 1;
    if (count === 3) return [];
    return count === 5 ? [effect, { ...effect, key: `${effect.key} again` }] : [effect];
  };
}

test('the pipeline is killed: nothing lost, nothing twice', async () => {
  const told = await tell(once('pipeline', 'router-1-pipeline'), usual);
  assert.is(told.broken, undefined);
  assert.ok(isGood(told), JSON.stringify(told));
});

test('the broker is killed, one report is dropped and one doubled: both are counted', async () => {
  const broker = once('broker', 'broker');
  const told = await tell(broker, { ...usual, record: spoil(), patienceSeconds: 8 });
  assert.equal([told.broken, told.lost, told.twice], [undefined, 1, 1]);
  assert.not.ok(isGood(told));
});

test.run();
