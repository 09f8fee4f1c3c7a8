/** Tells the story of many machines: one town, a steady load, step after step, and counts each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { count, type Offered, recovery } from '../fault/count.ts';
import { type Load, startLoad } from '../fault/load.ts';
import { RECIPIENTS, SENDERS } from '../fault/reports.ts';
import { type Clients, Knowledge, readInboxes, settleAll } from '../fault/settle.ts';
import { openSystems, type Systems } from '../fault/systems.ts';
import { isWhole } from '../fault/tell.ts';
import { AGENCIES, AGENCY_NAMES } from '../town/agencies.ts';
import { paths } from '../town/files.ts';
import { startTown, type Town, type TownOptions } from '../town/town.ts';
import { until } from '../town/wait.ts';
import { type Attempts, watchAttempts } from './attempts.ts';
import { untilWhole } from './brokers.ts';
import type { Row, Stage, Step } from './step.ts';

export interface TellOptions {
  readonly quick: boolean;
  readonly perSecond: number;
  readonly steps: readonly Step[];
  readonly roles: NonNullable<TownOptions['roles']>;
  say(text: string): void;
  /** Told as soon as a step is counted. */
  onRow?(row: Row): void;
  /** Keep the folder, for whoever wants to read the logs. */
  readonly keep?: boolean;
}

/** A copy on its way to an adapter when that fell is given again after so long. */
const LEASE_S = 10;
const PATIENCE_S = 180;
const WARM = 6;

/** Everything that runs while the steps are taken. */
interface Scene {
  readonly town: Town;
  readonly systems: Systems;
  readonly load: Load;
  readonly attempts: Attempts;
  readonly clients: Clients;
}

/** @throws Error when a step could not be taken */
export async function tellCluster(options: TellOptions): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-cluster-'));
  const systems = await openSystems({
    webhooks: [AGENCIES.vt.oin],
    folders: { [AGENCIES.rvdk.oin]: join(paths(folder).adapter('rvdk'), 'map', 'in') },
  });
  let town: Town | undefined;
  try {
    town = await startTown({ ...townOf(options, systems), folder });
    return await walk(town, systems, options);
  } finally {
    await town?.stop();
    await systems.close();
    if (options.keep === true) options.say(`logs and stores are kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function townOf({ roles, say }: TellOptions, systems: Systems): Omit<TownOptions, 'folder'> {
  return {
    ...{ brokers: 3, roles, sourceMaps: false, progress: say },
    ...{ agencies: [...SENDERS, ...RECIPIENTS], byFolder: ['rvdk'] },
    tune: {
      router: (yaml) => ({ ...yaml, pipeline: { leaseSeconds: LEASE_S } }),
      adapter: (yaml, name) => {
        const url = systems.url(AGENCIES[name].oin);
        return { ...yaml, ...(url !== '' && { webhook: { url, timeoutSeconds: 15 } }) };
      },
    },
  };
}

async function walk(town: Town, systems: Systems, options: TellOptions): Promise<Row[]> {
  await untilWhole(town);
  const clients = Object.fromEntries(
    AGENCY_NAMES.map((name) => [name, [town.agencies[name].rest]]),
  ) as unknown as Clients;
  const load = startLoad({ perSecond: options.perSecond, clients, run: `${process.pid}` });
  const attempts = watchAttempts(town, load.offered);
  const scene = { town, systems, load, attempts, clients };
  try {
    await until('reports to flow', () => systems.effects.length >= WARM, 60);
    const rows: Row[] = [];
    for (const step of options.steps) {
      const row = await take(scene, step, options);
      rows.push(row);
      options.onRow?.(row);
    }
    return rows;
  } finally {
    await load.end(PATIENCE_S);
    await attempts.stop();
  }
}

/** Takes one step, lets all that was handed in during it come to rest, and counts that. */
async function take(scene: Scene, step: Step, { quick, say }: TellOptions): Promise<Row> {
  const { town, load } = scene;
  const began = performance.now();
  const first = load.offered.length;
  let healed = began;
  const stage: Stage = {
    ...{ town, quick, say },
    run: (seconds) => pause(seconds * 1000),
    healed: () => {
      healed = performance.now();
    },
  };
  await step.act(stage);
  const offered = load.offered.slice(first);
  const knowledge = new Knowledge(scene.clients);
  await until('every report to be taken', () => offered.every((one) => one.acceptedAt), PATIENCE_S);
  await settleAll(offered, scene.systems.effects, knowledge, PATIENCE_S);
  const counted = await countStep(scene, offered, knowledge);
  return {
    ...{ name: step.name, what: step.what, ...counted },
    mustNotRefuse: step.mustNotRefuse,
    recoverySeconds: tenth(recovery(offered, scene.systems.effects, [healed])),
    ledgerWhole: await isWhole(town),
    seconds: tenth(performance.now() - began),
  };
}

async function countStep(
  { systems, attempts, clients }: Scene,
  offered: readonly Offered[],
  knowledge: Knowledge,
) {
  const reports = new Set(offered.map(({ report }) => report));
  const ids = new Set(offered.map(({ jti }) => jti));
  const effects = systems.effects.filter(({ report }) => reports.has(report));
  const inbox = (await readInboxes(clients)).filter(({ jti }) => ids.has(jti));
  await until(
    'all offers to be counted',
    () => offered.every(({ jti }) => attempts.of(jti) !== undefined),
    30,
  );
  const offers = offered.map(({ jti }) => attempts.of(jti) ?? Number.POSITIVE_INFINITY);
  const {
    repeats: _,
    unknown,
    ...counts
  } = count({
    ...{ offered, effects, inbox },
    known: (jti, to) => knowledge.of(jti, to),
  });
  return {
    ...counts,
    untold: unknown,
    retried: offers.filter((times) => times === 2).length,
    refusedBeyondRetry: offers.filter((times) => times > 2).length,
  };
}

const tenth = (ms: number): number => Math.round(ms / 100) / 10;
