/** A town while it is built: its folder, keys and ports, before anything runs. */
import { mkdirSync } from 'node:fs';
import { AGENCY_NAMES, type AgencyName, SIX } from './agencies.ts';
import { type adapterYaml, type Places, paths, type routerYaml } from './files.ts';
import { copyKeys, type KeyKind, makeKeys, type TownKeys } from './keys.ts';
import { freePorts } from './ports.ts';

export type RouterRole = 'all' | 'door' | 'pipeline';

export interface TownOptions {
  /** Must be empty or not there. */
  readonly folder: string;
  readonly keys?: KeyKind;
  /** Make all keys anew, as the demo does; tests may use those of an earlier run. */
  readonly fresh?: boolean;
  /** Whose adapters run, the six when absent; of a fresh town the register knows these alone. */
  readonly agencies?: readonly AgencyName[];
  /** Which of them also exchange by folder. */
  readonly byFolder?: readonly AgencyName[];
  /** One process per role; `['all']` when absent. More than one door stands behind a balancer. */
  readonly roles?: readonly RouterRole[];
  /** How many servers the broker has; each stream is then kept by all of them. */
  readonly brokers?: number;
  /** See ToStart.apart. */
  readonly apart?: boolean;
  /** See Places. */
  readonly crlRefreshSeconds?: number;
  /** See Tuning. */
  readonly tune?: Tuning;
  /** Source maps make errors readable, and cost memory and time. */
  readonly sourceMaps?: boolean;
  readonly progress?: (text: string) => void;
}

/** What a test wants otherwise in how parts are run. Names are those of the processes. */
export interface Tuning {
  /** Changes what would stand in router.yaml of one process; commands keep the usual file. */
  router?(yaml: RouterYaml, name: string): object;
  adapter?(yaml: AgencyYaml, name: AgencyName): object;
  /** More arguments for node. */
  node?(name: string): readonly string[];
}

interface Ports extends Required<Places['ports']> {
  /** Where the servers of the broker listen for one another. */
  readonly routes: readonly number[];
  /** Of each door, when there are several: then `door` is that of the balancer before them. */
  readonly doors: readonly number[];
}

export type RouterYaml = ReturnType<typeof routerYaml>;
export type AgencyYaml = ReturnType<typeof adapterYaml>['agencies'][number];

export interface Building extends Places {
  readonly kind: KeyKind;
  readonly apart: boolean;
  readonly restPorts: Readonly<Record<AgencyName, number>>;
  readonly options: TownOptions;
  readonly agencies: readonly AgencyName[];
  readonly registered: readonly AgencyName[];
  readonly keys: TownKeys;
  readonly ports: Ports;
  progress(text: string): void;
}

/** Progress is told once for so many keys. */
const KEYS_TOLD = 5;

export async function prepare(options: TownOptions): Promise<Building> {
  const { folder, keys: kind = 'ec', progress = () => undefined } = options;
  const places = paths(folder);
  for (const dir of [folder, `${folder}/logs`]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  const onKey = (made: number, of: number) => {
    if (made % KEYS_TOLD === 0) progress(`making keys and certificates: ${made} of ${of}`);
  };
  const agencies = options.agencies ?? SIX;
  const fresh = options.fresh === true;
  const keys = fresh
    ? await makeKeys(places.certs, kind, onKey, agencies)
    : await copyKeys(places.certs, kind, onKey);
  const count = options.brokers ?? 1;
  const doorCount = (options.roles ?? []).filter((role) => role === 'door').length;
  const ports = await freePorts(2 + AGENCY_NAMES.length + 2 * count + doorCount);
  const [broker = 0, door = 0] = ports;
  const rest = ports.slice(2, 2 + AGENCY_NAMES.length);
  const more = ports.slice(2 + AGENCY_NAMES.length);
  const restPorts = Object.fromEntries(AGENCY_NAMES.map((name, at) => [name, rest[at] ?? 0]));
  return {
    ...{ folder, options, kind, keys, progress, agencies },
    ports: {
      ...{ broker, door },
      brokers: [broker, ...more.slice(0, count - 1)],
      routes: more.slice(count, 2 * count),
      doors: doorCount > 1 ? more.slice(2 * count) : [],
    },
    registered: fresh ? agencies : AGENCY_NAMES,
    apart: options.apart === true,
    restPorts: restPorts as Building['restPorts'],
    ...(options.crlRefreshSeconds && { crlRefreshSeconds: options.crlRefreshSeconds }),
  };
}
