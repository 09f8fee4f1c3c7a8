/**
 * A whole town on loopback: an authority, a broker, a router and the adapters of made-up agencies,
 * as real processes with the files that real people would have. For the demo, journeys and the
 * benchmark.
 */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import type { KeySource } from '../../certs/config.ts';
import { serverProgram } from '../../router/bus/server.ts';
import { configFile } from '../../router/bus/settings.ts';
import { adapterClient } from './adapter-client.ts';
import { AGENCIES, AGENCY_NAMES, type AgencyName, OPERATOR, REGISTRAR, SIX } from './agencies.ts';
import { type Desk, openDesk } from './desk.ts';
import { adapterYaml, type Places, paths, registerEntry, routerYaml, writeYaml } from './files.ts';
import { askKetenpost, PROGRAM } from './ketenpost.ts';
import { copyKeys, type KeyKind, makeKeys, type TownKeys } from './keys.ts';
import { freePorts, type Started, startProcess, type ToStart } from './processes.ts';
import { type RawAgency, rawAgency } from './raw.ts';

export type RouterRole = 'all' | 'door' | 'pipeline';

export interface TownOptions {
  /** Must be empty or not there. */
  readonly folder: string;
  readonly keys?: KeyKind;
  /** Make all keys anew, as the demo does; tests may use those of an earlier run. */
  readonly fresh?: boolean;
  /** Whose adapters run; the register knows all seven. */
  readonly agencies?: readonly AgencyName[];
  /** Which of them also exchange by folder. */
  readonly byFolder?: readonly AgencyName[];
  /** One process per role; `['all']` when absent. */
  readonly roles?: readonly RouterRole[];
  /** See ToStart.apart. */
  readonly apart?: boolean;
  /** See Places. */
  readonly crlRefreshSeconds?: number;
  /** Source maps make errors readable, and cost memory and time. */
  readonly sourceMaps?: boolean;
  readonly progress?: (text: string) => void;
}

/** One process of the town, which can be stopped, killed and started again on the same files. */
export interface Part {
  readonly name: string;
  readonly log: string;
  readonly process: () => Started;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface Town {
  readonly folder: string;
  readonly paths: ReturnType<typeof paths>;
  readonly keys: TownKeys;
  /** Options with which commands on the register find it and the registrar's key. */
  readonly asRegistrar: readonly string[];
  /** The door. */
  readonly url: string;
  /** A desk at each agency; those without an adapter answer nothing. */
  readonly agencies: Readonly<Record<AgencyName, Desk>>;
  readonly broker: Part;
  readonly router: readonly Part[];
  readonly adapters: Readonly<Partial<Record<AgencyName, Part>>>;
  /** An agency that works by hand, straight to the door. */
  raw(name: AgencyName, options?: { former?: boolean }): Promise<RawAgency>;
  /** A command as the operator types it. @returns what it prints with --json */
  ketenpost<T = unknown>(...args: string[]): Promise<T>;
  stop(): Promise<void>;
}

interface Building extends Places {
  readonly kind: KeyKind;
  readonly apart: boolean;
  readonly restPorts: Readonly<Record<AgencyName, number>>;
  readonly options: TownOptions;
  readonly keys: TownKeys;
  progress(text: string): void;
}

/** @throws Error that names the part that did not start, with the end of its log */
export async function startTown(options: TownOptions): Promise<Town> {
  const building = await prepare(options);
  const parts: Part[] = [];
  const add = async (part: Part): Promise<Part> => {
    parts.push(part);
    await part.start();
    return part;
  };
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    building.progress('starting the broker');
    const broker = await add(partOf(building, await brokerPart(building)));
    await register(building);
    building.progress('starting the router');
    const router: Part[] = [];
    for (const role of options.roles ?? ['all'])
      router.push(await add(partOf(building, routerPart(building, role))));
    building.progress('starting the adapters');
    const adapters = Object.fromEntries(
      await Promise.all(
        (options.agencies ?? SIX).map(async (name) => [
          name,
          await add(partOf(building, adapterPart(building, name))),
        ]),
      ),
    ) as Town['adapters'];
    return openTown(building, { broker, router, adapters, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Progress is told once for so many keys. */
const KEYS_TOLD = 5;

async function prepare(options: TownOptions): Promise<Building> {
  const { folder, keys: kind = 'ec', progress = () => undefined } = options;
  const places = paths(folder);
  for (const dir of [folder, `${folder}/logs`]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  const make = options.fresh === true ? makeKeys : copyKeys;
  const keys = await make(places.certs, kind, (made, of) => {
    if (made % KEYS_TOLD === 0) progress(`making keys and certificates: ${made} of ${of}`);
  });
  const [broker = 0, door = 0, ...rest] = await freePorts(2 + AGENCY_NAMES.length);
  const restPorts = Object.fromEntries(AGENCY_NAMES.map((name, at) => [name, rest[at] ?? 0]));
  return {
    ...{ folder, options, kind, keys, progress, ports: { broker, door } },
    apart: options.apart === true,
    restPorts: restPorts as Building['restPorts'],
    ...(options.crlRefreshSeconds && { crlRefreshSeconds: options.crlRefreshSeconds }),
  };
}

function partOf({ apart, folder }: Building, what: Omit<ToStart, 'log' | 'apart'>): Part {
  const log = paths(folder).log(what.name);
  let running: Started | undefined;
  return {
    ...{ name: what.name, log },
    process() {
      if (running === undefined) throw new Error(`${what.name} has not been started`);
      return running;
    },
    async start() {
      running = await startProcess({ ...what, log, apart });
      appendFileSync(paths(folder).pids, `${running.pid}\n`);
    },
    stop: async () => running?.stop(),
    kill: async () => running?.kill(),
  };
}

async function brokerPart({ folder, keys, ports }: Building) {
  const dir = paths(folder).broker;
  const { tls } = keys.identity(OPERATOR.oin);
  const [ca = ''] = keys.authority.trust.roots;
  await askKetenpost(
    ...['broker', 'config', '--out', dir, '--port', String(ports.broker), '--ca', ca],
    ...keyOptions(tls, ''),
  );
  return {
    ...{ name: 'broker', command: serverProgram(), args: ['-c', configFile(dir)] },
    ready: /Server is ready/,
  };
}

/** Writes the files of the registrar and has them signed and applied, by the real command. */
async function register(building: Building): Promise<void> {
  const { folder, keys, kind, progress } = building;
  progress('signing the register');
  const here = paths(folder);
  writeYaml(here.router, routerYaml(building, keys));
  await askKetenpost('broker', 'streams', '--config', here.router);
  for (const [name, agency] of [...Object.entries(AGENCIES), ['router', OPERATOR] as const])
    writeYaml(here.entry(name), registerEntry(agency, keys, kind));
  await askKetenpost('registry', 'apply', here.register, ...asRegistrar({ folder, keys }));
}

const asRegistrar = ({ folder, keys }: Pick<Building, 'folder' | 'keys'>): string[] => [
  ...['--config', paths(folder).router],
  ...keyOptions(keys.identity(REGISTRAR.oin).signing, 'registrar-'),
];

/** A key as options of a command: PKCS#12, or key and certificate; `prefix` as in `--registrar-key`. */
function keyOptions(source: KeySource, prefix: 'registrar-' | ''): string[] {
  const passphrase = ['--passphrase-file', source.passphraseFile];
  if (!('p12' in source))
    return [
      ...[`--${prefix}key`, source.key, `--${prefix}certificate`, source.certificate],
      ...passphrase,
    ];
  return [prefix === '' ? '--p12' : `--${prefix}key`, source.p12, ...passphrase];
}

const ketenpost = ({ sourceMaps = true }: TownOptions, name: string, ...args: string[]) => ({
  ...{ name, command: process.execPath },
  args: [...(sourceMaps ? ['--enable-source-maps'] : []), PROGRAM, ...args],
  ready: /^ready /,
});

const routerPart = ({ folder, options }: Building, role: RouterRole) =>
  ketenpost(
    ...([options, role === 'all' ? 'router' : role] as const),
    ...['router', '--role', role, '--config', paths(folder).router],
  );

function adapterPart(building: Building, name: AgencyName) {
  const { folder, keys, restPorts, options } = building;
  const byFolder = options.byFolder?.includes(name) ?? false;
  const places = { ...building, name, restPort: restPorts[name], byFolder };
  const file = paths(folder).adapterYaml(name);
  writeYaml(file, adapterYaml(places, keys, AGENCIES[name]));
  return ketenpost(options, name, 'adapter', '--config', file);
}

function openTown(
  building: Building,
  running: Pick<Town, 'broker' | 'router' | 'adapters' | 'stop'>,
): Town {
  const { folder, keys, kind, ports, restPorts } = building;
  const here = paths(folder);
  const url = `https://localhost:${ports.door}`;
  const raws: RawAgency[] = [];
  const desk = (name: AgencyName): Desk => {
    const token =
      running.adapters[name] === undefined ? '' : readFileSync(here.token(name), 'utf8').trim();
    const rest = adapterClient(`http://127.0.0.1:${restPorts[name]}`, token);
    return openDesk(AGENCIES[name], rest);
  };
  return {
    ...running,
    ...{ folder, keys, url, paths: here },
    asRegistrar: asRegistrar(building),
    agencies: Object.fromEntries(
      AGENCY_NAMES.map((name) => [name, desk(name)]),
    ) as Town['agencies'],
    async raw(name, { former = false } = {}) {
      const identity = keys.identity(AGENCIES[name].oin);
      const [router = ''] = keys.certificates(OPERATOR.oin, 'vertrouwelijkheid');
      const raw = await rawAgency({
        identity: former ? { ...identity, signing: keys.formerPoliceKey } : identity,
        ...{ url, router, root: keys.authority.trust.roots[0] ?? '' },
        sealAlg: kind === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW',
      });
      raws.push(raw);
      return raw;
    },
    ketenpost: (...args) => askKetenpost(...args),
    async stop() {
      await Promise.all(raws.splice(0).map((raw) => raw.close()));
      await running.stop();
    },
  };
}
