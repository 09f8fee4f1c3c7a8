/**
 * A whole town on loopback: an authority, a broker, a router and the adapters of made-up agencies,
 * as real processes with the files that real people would have. For the demo, journeys and the
 * benchmark.
 */
import { readFileSync } from 'node:fs';
import { adapterClient } from './adapter-client.ts';
import { AGENCIES, AGENCY_NAMES, type AgencyName, OPERATOR } from './agencies.ts';
import { type Balancer, openBalancer } from './balancer.ts';
import { type Building, prepare, type TownOptions } from './building.ts';
import { type Desk, openDesk } from './desk.ts';
import { paths } from './files.ts';
import { askKetenpost } from './ketenpost.ts';
import type { TownKeys } from './keys.ts';
import { adapterPart, brokerPart, type Part, partOf, routerPart } from './parts.ts';
import { type RawAgency, rawAgency } from './raw.ts';
import { asRegistrar, register } from './register.ts';

export type { RouterRole, TownOptions } from './building.ts';
export type { Part } from './parts.ts';

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
  /** Every server of the broker, the first one too. */
  readonly brokers: readonly Part[];
  readonly router: readonly Part[];
  readonly adapters: Readonly<Partial<Record<AgencyName, Part>>>;
  /** An agency that works by hand, straight to the door. */
  raw(name: AgencyName, options?: { former?: boolean }): Promise<RawAgency>;
  /** A command as the operator types it. @returns what it prints with --json */
  ketenpost<T = unknown>(...args: string[]): Promise<T>;
  stop(): Promise<void>;
}

/** @throws Error that names the part that did not start, with the end of its log */
export async function startTown(options: TownOptions): Promise<Town> {
  const building = await prepare(options);
  const groups: (readonly Part[])[] = [];
  let balancer: Balancer | undefined;
  const start = async (...group: Part[]): Promise<readonly Part[]> => {
    groups.push(group);
    await Promise.all(group.map((part) => part.start()));
    return group;
  };
  const stop = async () => {
    for (const group of groups.splice(0).reverse())
      await Promise.all(group.map((part) => part.stop()));
    await balancer?.close();
  };
  try {
    building.progress('starting the broker');
    const brokers: Part[] = [];
    for (const at of building.ports.brokers.keys())
      brokers.push(partOf(building, await brokerPart(building, at)));
    await start(...brokers);
    const [broker] = brokers as [Part];
    if (building.ports.doors.length > 0) balancer = await openBalancer(building.ports);
    await register(building);
    building.progress('starting the router');
    const router = (options.roles ?? ['all']).map((role, at) =>
      partOf(building, routerPart(building, role, at)),
    );
    for (const part of router) await start(part);
    building.progress('starting the adapters');
    const { agencies } = building;
    const started = await start(
      ...agencies.map((name) => partOf(building, adapterPart(building, name))),
    );
    const adapters = Object.fromEntries(agencies.map((name, at) => [name, started[at]]));
    const running = { broker, brokers, router, adapters: adapters as Town['adapters'], stop };
    return openTown(building, running);
  } catch (error) {
    await stop();
    throw error;
  }
}

function openTown(
  building: Building,
  running: Pick<Town, 'broker' | 'brokers' | 'router' | 'adapters' | 'stop'>,
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
