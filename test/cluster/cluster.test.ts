/** The story of many machines in short: the leader's broker is killed under load, on R3 streams. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isGood } from './step.ts';
import { STEPS } from './steps.ts';
import { tellCluster } from './tell.ts';

test('the broker that leads the mailboxes is killed: everything is found, once', async () => {
  const steps = STEPS.filter(({ name }) => name === 'leader');
  const say = () => undefined;
  const [row] = await tellCluster({ quick: true, perSecond: 3, steps, roles: ['all'], say });
  assert.ok(row !== undefined && isGood(row), JSON.stringify(row));
  assert.ok(row.accepted > 5);
});

test.run();
