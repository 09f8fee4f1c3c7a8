/** Tells one story: builds its town, lets reports flow, makes the fault happen, and counts. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AGENCIES, AGENCY_NAMES } from '../town/agencies.ts';
import type { Tuning } from '../town/building.ts';
import { paths } from '../town/files.ts';
import { runKetenpost } from '../town/ketenpost.ts';
import { startTown, type Town } from '../town/town.ts';
import { until } from '../town/wait.ts';
import { openChance } from './chance.ts';
import { type Counts, count, recovery, unsettled } from './count.ts';
import { startLoad } from './load.ts';
import { RECIPIENTS, SENDERS } from './reports.ts';
import { type Clients, Knowledge, readInboxes, settleAll } from './settle.ts';
import type { Play, Site, Stage, Story } from './story.ts';
import { openSystems, type Systems, type SystemsOptions } from './systems.ts';
import { isGood, type Told } from './told.ts';

export interface TellOptions {
  readonly quick: boolean;
  readonly seed: number;
  readonly perSecond: number;
  readonly say: (text: string) => void;
  /** Only to show that counting can fail: what spoils the record, and how many messages it loses. */
  readonly spoil?: { readonly record: Required<SystemsOptions>['record']; readonly lost: number };
  /** Keep the folder, for whoever wants to read the logs. */
  readonly keep?: boolean;
}

/** Who is slow to try again makes a run long: set as an operator may set it. */
const LONGEST_WAIT_S = 3;
const LEASE_S = 6;
const WARM = 8;
const AFTER_S = 2;
/** How long what was accepted may take to be settled, in the end. */
const PATIENCE_S = 120;
const MOST_TOLD = 5;
/** What was under way when a fault began has arrived when nothing came for longer than anybody waits to try again. */
const QUIET_MS = 1_000 * (LONGEST_WAIT_S + 1);
const MOST_QUIETING_S = 30;

const NOTHING: Counts = {
  ...{ offered: 0, accepted: 0, copies: 0, delivered: 0, told: 0 },
  ...{ lost: 0, twice: 0, repeats: 0, unknown: 0 },
};

/** @returns what was counted; a story that broke off says so and has not passed */
export async function tell(story: Story, options: TellOptions): Promise<Told> {
  const { name, fault } = story;
  const began = performance.now();
  const none = { ...NOTHING, moments: '', turnedAway: 0, recoverySeconds: 0, ledgerWhole: false };
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  const lacking = story.needs?.();
  if (lacking !== undefined) return { name, fault, ...none, notRun: lacking, seconds: 0 };
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ketenpost-fault-')));
  const told = await play(story, folder, options).catch((error: unknown) => {
    const broken = error instanceof Error ? error.message : String(error);
    return { ...none, broken };
  });
  const result: Told = { name, fault, ...told, seconds: seconds() };
  if (options.keep !== true || isGood(result)) rmSync(folder, { recursive: true, force: true });
  else options.say(`logs and stores are kept in ${folder}`);
  return result;
}

async function play(story: Story, folder: string, options: TellOptions) {
  const { quick, seed, spoil } = options;
  const site: Site = { folder, quick, chance: openChance(seed) };
  const play = await story.begin(site);
  const systems = await openSystems({
    webhooks: [AGENCIES.vt.oin],
    folders: { [AGENCIES.rvdk.oin]: join(paths(folder).adapter('rvdk'), 'map', 'in') },
    ...(spoil && { record: spoil.record }),
  });
  let town: Town | undefined;
  try {
    town = await startTown({
      ...{ folder, agencies: [...SENDERS, ...RECIPIENTS], byFolder: ['rvdk'], sourceMaps: false },
      ...play.town,
      tune: tuned(systems, play.town?.tune),
    });
    return await underLoad(play, site, { town, systems }, options);
  } finally {
    await town?.stop();
    await systems.close();
    await play.end?.();
  }
}

/** Settings of every story, and then those of this one. */
function tuned(systems: Systems, own: Tuning = {}): Tuning {
  return {
    router: (yaml, name) => {
      const usual = { ...yaml, pipeline: { leaseSeconds: LEASE_S } };
      return own.router?.(usual, name) ?? usual;
    },
    adapter: (yaml, name) => {
      const url = systems.url(AGENCIES[name].oin);
      const webhook = url !== '' && { webhook: { url, timeoutSeconds: 5 } };
      const usual = { ...yaml, ...webhook, longestWaitSeconds: LONGEST_WAIT_S };
      return own.adapter?.(usual, name) ?? usual;
    },
    node: (name) => own.node?.(name) ?? [],
  };
}

async function underLoad(
  play: Play,
  site: Site,
  { town, systems }: { town: Town; systems: Systems },
  { perSecond, say, seed, spoil }: TellOptions,
) {
  const clients = clientsOf(town, await play.ready?.(town));
  const load = startLoad({ perSecond: play.perSecond ?? perSecond, clients, run: `${seed}` });
  const heals: number[] = [];
  const delivered = (more: number, seconds = 60) => {
    const wanted = systems.effects.length + more;
    return until(`${more} more hand-overs`, () => systems.effects.length >= wanted, seconds).then(
      () => undefined,
    );
  };
  const arrived = (agency?: string) =>
    new Set(
      systems.effects
        .filter((one) => agency === undefined || one.agency === agency)
        .map((one) => `${one.agency} ${one.report}`),
    ).size;
  const passed = async (seconds: number, agency?: string) => {
    await quiet(() => arrived(agency));
    const before = arrived(agency);
    await pause(seconds * 1000);
    return arrived(agency) - before;
  };
  const stage: Stage = {
    ...{ ...site, town, systems, load, say, delivered, passed },
    part: (name) => partOf(town, name),
    healed: () => void heals.push(performance.now()),
    run: (seconds) => pause(seconds * 1000),
  };
  await delivered(WARM);
  const acted = await play.act(stage);
  await pause(AFTER_S * 1000);
  await load.end(PATIENCE_S);
  const knowledge = new Knowledge(clients);
  await settleAll(load.offered, systems.effects, knowledge, PATIENCE_S, spoil?.lost);
  const inbox = await readInboxes(clients);
  const known = (jti: string, to: string) => knowledge.of(jti, to);
  const missed = (jti: string, to: string) => knowledge.isMissed(jti, to);
  const { offered } = load;
  const { effects } = systems;
  for (const line of unsettled({ offered, effects, known, missed }).slice(0, MOST_TOLD)) say(line);
  return {
    ...count({ offered, effects, inbox, known, missed }),
    ...acted,
    turnedAway: load.turnedAway(),
    recoverySeconds: Math.round(recovery(offered, effects, heals) / 100) / 10,
    ledgerWhole: await isWhole(town),
  };
}

/** Waits until a count stands still; one that never does is for who counts on. */
async function quiet(count: () => number): Promise<void> {
  let [last, since] = [count(), performance.now()];
  const stands = () => {
    if (count() !== last) [last, since] = [count(), performance.now()];
    return performance.now() - since > QUIET_MS;
  };
  await until('nothing more to arrive', stands, MOST_QUIETING_S).catch(() => undefined);
}

function clientsOf(town: Town, more: Partial<Clients> = {}): Clients {
  const own = AGENCY_NAMES.map((name) => [name, more[name] ?? [town.agencies[name].rest]] as const);
  return Object.fromEntries(own) as unknown as Clients;
}

function partOf({ broker, router, adapters }: Town, name: string) {
  const all = [broker, ...router, ...Object.values(adapters)];
  const found = all.find((part) => part.name === name);
  if (found === undefined) throw new Error(`no part ${name}: ${all.map((one) => one.name)}`);
  return found;
}

export async function isWhole(town: Town): Promise<boolean> {
  const said = await runKetenpost('ledger', 'verify', '--config', town.paths.router, '--json');
  return said.status === 0;
}
