/** The fault suite in short: two of the fastest faults, and that what is dropped or doubled is counted. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from './count.ts';
import { killOften } from './stories/kills.ts';
import type { Story } from './story.ts';
import { type TellOptions, tell } from './tell.ts';
import { isGood } from './told.ts';

const usual: TellOptions = { quick: true, seed: 7, perSecond: 8, say: () => undefined };

const STORY: Story = {
  name: 'short',
  fault: 'kill -9 of pipeline and broker',
  begin: () => ({
    town: { roles: ['door', 'pipeline'] },
    act: async (stage) => {
      await killOften(stage, 'router-1-pipeline', 1);
      await killOften(stage, 'broker', 1);
      return { moments: '2 kills' };
    },
  }),
};

/** Loses the third hand-over and doubles the fifth, as a broken adapter would. */
function spoil() {
  let count = 0;
  return (effect: Effect): readonly Effect[] => {
    count += 1;
    if (count === 3) return [];
    return count === 5 ? [effect, { ...effect, key: `${effect.key} again` }] : [effect];
  };
}

test('pipeline and broker are killed: nothing is lost or doubled but the two that the test spoils', async () => {
  const told = await tell(STORY, { ...usual, spoil: { record: spoil(), lost: 1 } });
  const { broken, lost, twice, unknown, ledgerWhole } = told;
  assert.equal([broken, lost, twice, unknown, ledgerWhole], [undefined, 1, 1, 0, true]);
  assert.is(told.copies, told.delivered + told.lost);
  assert.not.ok(isGood(told));
});

test.run();
