/** Tells the story of many machines: one town, a steady load, step after step, and counts each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { count, type Offered, recovery } from '../fault/count.ts';
import { startLoad } from '../fault/load.ts';
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
/** The load goes on for so long after a step. */
const AFTER_S = 2;

/** Everything that runs while the steps are taken. */
interface Scene {
  readonly town: Town;
  readonly systems: Systems;
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
  const rows: Row[] = [];
  for (const step of options.steps) {
    const row = await take({ town, systems, clients }, step, options);
    rows.push(row);
    options.onRow?.(row);
  }
  return rows;
}

/**
 * Takes one step under load. When the load has ended and all of it has come to rest, it is counted:
 * not before, for an inbox that still fills cannot be read page by page.
 */
async function take(scene: Scene, step: Step, options: TellOptions): Promise<Row> {
  const { town, systems, clients } = scene;
  const began = performance.now();
  const load = startLoad({
    ...{ perSecond: options.perSecond, clients, run: `${process.pid}-${step.name}` },
  });
  const attempts = watchAttempts(town, load.offered);
  try {
    const healed = await act(scene, step, options);
    await pause(AFTER_S * 1000);
    await load.end(PATIENCE_S);
    const knowledge = new Knowledge(clients);
    await settleAll(load.offered, systems.effects, knowledge, PATIENCE_S);
    return {
      ...{ name: step.name, what: step.what, mustNotRefuse: step.mustNotRefuse },
      ...(await countStep(scene, load.offered, knowledge)),
      ...(await countOffers(load.offered, attempts)),
      recoverySeconds: tenth(recovery(load.offered, systems.effects, [healed])),
      ledgerWhole: await isWhole(town),
      seconds: tenth(performance.now() - began),
    };
  } finally {
    await load.end(0);
    await attempts.stop();
  }
}

/** @returns when the step was over */
async function act({ town, systems }: Scene, step: Step, { quick, say }: TellOptions) {
  const flowing = systems.effects.length + WARM;
  await until('reports to flow', () => systems.effects.length >= flowing, 60);
  let healed = performance.now();
  const stage: Stage = {
    ...{ town, quick, say },
    run: (seconds) => pause(seconds * 1000),
    healed: () => {
      healed = performance.now();
    },
  };
  await step.act(stage);
  return healed;
}

async function countStep(
  { systems, clients }: Scene,
  offered: readonly Offered[],
  knowledge: Knowledge,
) {
  const reports = new Set(offered.map(({ report }) => report));
  const ids = new Set(offered.map(({ jti }) => jti));
  const effects = systems.effects.filter(({ report }) => reports.has(report));
  const inbox = (await readInboxes(clients)).filter(({ jti }) => ids.has(jti));
  const known = (jti: string, to: string) => knowledge.of(jti, to);
  const { repeats: _, unknown: untold, ...counts } = count({ offered, effects, inbox, known });
  return { ...counts, untold };
}

async function countOffers(offered: readonly Offered[], attempts: Attempts) {
  const isCounted = () => offered.every(({ jti }) => attempts.of(jti) !== undefined);
  await until('all offers to be counted', isCounted, PATIENCE_S);
  const offers = offered.map(({ jti }) => attempts.of(jti) ?? Number.POSITIVE_INFINITY);
  return {
    retried: offers.filter((times) => times === 2).length,
    refusedBeyondRetry: offers.filter((times) => times > 2).length,
  };
}

const tenth = (ms: number): number => Math.round(ms / 100) / 10;
