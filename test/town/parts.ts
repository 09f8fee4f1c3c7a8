/** The processes of a town: what each is started with, and how it is stopped, killed and started again. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverProgram } from '../../router/bus/server.ts';
import { configFile } from '../../router/bus/settings.ts';
import { AGENCIES, type AgencyName, OPERATOR } from './agencies.ts';
import type { Building, RouterRole, RouterYaml, TownOptions } from './building.ts';
import { adapterYaml, paths, routerYaml, writeYaml } from './files.ts';
import { askKetenpost, PROGRAM } from './ketenpost.ts';
import { type Started, startProcess, type ToStart } from './processes.ts';
import { keyOptions } from './register.ts';

/** One process of the town, which can be stopped, killed and started again on the same files. */
export interface Part {
  readonly name: string;
  readonly log: string;
  readonly process: () => Started;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

type Program = Omit<ToStart, 'log' | 'apart'>;

export function partOf({ apart, folder }: Building, what: Program): Part {
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

/**
 * Writes the settings of one server of the broker by the real command.
 * @param at its place; the others take over the credentials of the first
 */
export async function brokerPart(building: Building, at = 0) {
  const { folder, keys, ports } = building;
  const dir = paths(folder).brokerAt(at);
  const { tls } = keys.identity(OPERATOR.oin);
  const [ca = ''] = keys.authority.trust.roots;
  await askKetenpost(
    ...['broker', 'config', '--out', dir, '--port', String(ports.brokers[at]), '--ca', ca],
    ...keyOptions(tls, ''),
    ...(ports.brokers.length === 1 ? [] : clusterOptions(building, at)),
  );
  return {
    ...{ name: at === 0 ? 'broker' : `broker-${at}`, command: serverProgram() },
    args: ['-c', configFile(dir)],
    ready: /Server is ready/,
  };
}

function clusterOptions({ folder, ports: { routes } }: Building, at: number): string[] {
  const others = routes.filter((_, other) => other !== at);
  return [
    ...['--cluster', 'town', '--name', `broker-${at}`, '--cluster-port', String(routes[at])],
    ...['--routes', others.map((port) => `localhost:${port}`).join(',')],
    ...(at === 0 ? [] : ['--join', paths(folder).broker]),
  ];
}

const ketenpost = ({ sourceMaps = false, tune }: TownOptions, name: string, ...args: string[]) => ({
  ...{ name, command: process.execPath },
  args: [
    ...(sourceMaps ? ['--enable-source-maps'] : []),
    ...(tune?.node?.(name) ?? []),
    ...[PROGRAM, ...args],
  ],
  ready: /^ready /,
});

/** @param at its place among the processes of the router: two may play the same role */
export function routerPart(building: Building, role: RouterRole, at: number) {
  const { folder, keys, options } = building;
  const name = role === 'all' ? 'router' : `router-${at}-${role}`;
  const yaml = withDoor(routerYaml(building, keys), building, role, at);
  const tuned =
    options.tune?.router?.(yaml, name) ??
    (yaml.door.port !== building.ports.door ? yaml : undefined);
  const file = tuned === undefined ? paths(folder).router : join(folder, `${name}-tuned.yaml`);
  if (tuned !== undefined) writeYaml(file, tuned);
  return ketenpost(options, name, 'router', '--role', role, '--config', file);
}

/** Of several doors each has a port of its own. */
function withDoor(yaml: RouterYaml, { options, ports }: Building, role: RouterRole, at: number) {
  const doorsBefore = (options.roles ?? []).slice(0, at).filter((one) => one === 'door').length;
  const port = role === 'door' ? ports.doors[doorsBefore] : undefined;
  return { ...yaml, door: { ...yaml.door, port: port ?? yaml.door.port } };
}

export function adapterPart(building: Building, name: AgencyName) {
  const { folder, keys, restPorts, options } = building;
  const byFolder = options.byFolder?.includes(name) ?? false;
  const places = { ...building, name, restPort: restPorts[name], byFolder };
  const file = paths(folder).adapterYaml(name);
  const yaml = adapterYaml(places, keys, AGENCIES[name]);
  const tune = options.tune?.adapter ?? ((agency) => agency);
  writeYaml(file, { ...yaml, agencies: yaml.agencies.map((agency) => tune(agency, name)) });
  return ketenpost(options, name, 'adapter', '--config', file);
}
