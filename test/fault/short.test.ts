/** The fault suite in short: that it counts what it should, and the two fastest faults. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from './count.ts';
import { STORIES } from './stories.ts';
import type { Story } from './story.ts';
import { type TellOptions, tell } from './tell.ts';
import { isGood, type Told } from './told.ts';

const usual: TellOptions = { quick: true, seed: 7, perSecond: 8, say: () => undefined };

const QUIET: Story = {
  name: 'quiet',
  fault: 'nothing happens',
  begin: () => ({ act: async () => ({ moments: 'none' }) }),
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

test('a report that is dropped and one that is doubled are counted', async () => {
  const told = await tell(QUIET, { ...usual, record: spoil(), patienceSeconds: 6 });
  assert.equal([told.broken, told.lost, told.twice], [undefined, 1, 1]);
  assert.not.ok(isGood(told));
});

const storyOf = (name: string): Story => {
  const found = STORIES.find((story) => story.name === name);
  if (found === undefined) throw new Error(`no story ${name}`);
  return found;
};

for (const name of ['broker', 'line-door'])
  test(`${name}: nothing lost, nothing twice`, async () => {
    const told: Told = await tell(storyOf(name), usual);
    assert.is(told.broken, undefined);
    assert.ok(isGood(told), JSON.stringify(told));
  });

test.run();
