/** Parts of the town fall over while messages are on their way. Everything arrives, once. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Uuid7 } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import type { Desk } from '../town/desk.ts';
import { sample } from '../town/samples.ts';
import type { Part, Town } from '../town/town.ts';
import { journeys } from './journey.ts';

/** A copy on its way to an adapter when the router fell is given again after so long. */
const leaseSeconds = 5;
const router = (yaml: object) => ({ ...yaml, pipeline: { leaseSeconds } });
const journey = journeys(test, { agencies: ['politie', 'vt'], tune: { router } });

const MANY = 12;
const PATIENCE_S = 120;
const inhoud = sample('vt-melding', 'klein-2kb');

/** Hands in many reports, every third urgent, without waiting for any. */
const handIn = async (from: Desk): Promise<Uuid7[]> => {
  const sent = Array.from({ length: MANY }, (_, at) =>
    from.send({
      ...{ berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', inhoud },
      prio: at % 3 === 0 ? 'spoed' : 'normaal',
    }),
  );
  return (await Promise.all(sent)).map(({ bericht }) => bericht);
};

/** Every report has come, exactly once, and its sender knows. */
async function allArrived({ agencies: { politie, vt } }: Town, ids: readonly Uuid7[]) {
  await Promise.all(ids.map((id) => politie.untilState(id, vt.oin, 'afgeleverd', PATIENCE_S)));
  const inbox = (await vt.inbox()).map(({ bericht }) => bericht);
  const copies = ids.map((id) => inbox.filter((one) => one === id).length);
  assert.equal(
    copies,
    ids.map(() => 1),
  );
}

/** Falls when some have come and some have not, and stands up again. */
async function fallDuring(town: Town, part: Part, how: 'kill' | 'stop'): Promise<void> {
  const ids = await handIn(town.agencies.politie);
  await part[how]();
  assert.not.ok(part.process().isRunning());
  const more = await handIn(town.agencies.politie);
  await part.start();
  await allArrived(town, [...ids, ...more]);
}

const routerOf = ({ router }: Town): Part => router[0] as Part;
const adapterOf = ({ adapters }: Town, name: 'politie' | 'vt'): Part => adapters[name] as Part;

journey('the router is killed', (town) => fallDuring(town, routerOf(town), 'kill'));

journey('the router is told to stop with messages under way', (town) =>
  fallDuring(town, routerOf(town), 'stop'),
);

journey('the broker is killed', (town) => fallDuring(town, town.broker, 'kill'));

// With empty hands, so that no lease has to be waited for.
journey("the recipient's adapter is down for a while", async (town) => {
  await adapterOf(town, 'vt').kill();
  const ids = await handIn(town.agencies.politie);
  await Promise.all(
    ids.map((id) => town.agencies.politie.untilState(id, AGENCIES.vt.oin, 'aanvaard')),
  );
  await adapterOf(town, 'vt').start();
  await allArrived(town, ids);
});

journey("the sender's adapter is killed after it took the reports", async (town) => {
  const ids = await handIn(town.agencies.politie);
  await adapterOf(town, 'politie').kill();
  await adapterOf(town, 'politie').start();
  await allArrived(town, ids);
});

journey('and the ledger is whole after all that', async (town) => {
  const verdict = await town.ketenpost<{ ok: boolean }>(
    ...['ledger', 'verify', '--config', town.paths.router],
  );
  assert.ok(verdict.ok);
});

test.run();
