/** The files that the people of the town would write by hand: register entries and configurations. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { USES } from '../../certs/profile.ts';
import { knowsSyncInterval } from '../../router/bus/durability.ts';
import { serverVersion } from '../../router/bus/server.ts';
import { OPERATOR, REGISTRAR, type TownAgency } from './agencies.ts';
import type { KeyKind, TownKeys } from './keys.ts';

export interface Places {
  /** Everything of the town lies below it. */
  readonly folder: string;
  readonly ports: {
    readonly broker: number;
    readonly door: number;
    /** Of every server of the broker, when there are several. */
    readonly brokers?: readonly number[];
  };
  /** How often revocation lists are looked for; at once when absent, so that a revocation shows. */
  readonly crlRefreshSeconds?: number;
}

export const paths = (folder: string) => ({
  certs: join(folder, 'certs'),
  register: join(folder, 'register'),
  entry: (name: string) => join(folder, 'register', `${name}.yaml`),
  /** Of the first server, where the credentials are; the others have folders of their own. */
  broker: join(folder, 'broker'),
  brokerAt: (at: number) => join(folder, at === 0 ? 'broker' : `broker-${at}`),
  router: join(folder, 'router.yaml'),
  adapter: (name: string) => join(folder, 'adapters', name),
  adapterYaml: (name: string) => join(folder, 'adapters', name, 'adapter.yaml'),
  token: (name: string) => join(folder, 'adapters', name, 'token'),
  /** The processes that were started, for whoever finds the folder after we fell. */
  pids: join(folder, 'pids'),
  log: (name: string) => join(folder, 'logs', `${name}.log`),
});

export function writeYaml(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, stringify(value, { lineWidth: 0 }), { mode: 0o600 });
}

/** An entry as the registrar writes it, before `ketenpost registry apply` signs it. */
export const registerEntry = (agency: TownAgency, keys: TownKeys, kind: KeyKind) => ({
  oin: agency.oin,
  naam: agency.naam,
  rollen: agency.rollen,
  status: 'actief',
  van: '2026-01-01',
  ...(agency.werkgebied && { werkgebied: agency.werkgebied }),
  ...(agency.telefoon && { telefoon: agency.telefoon }),
  ...(agency.openingstijden && { openingstijden: agency.openingstijden }),
  zegel: kind === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW',
  certificaten: Object.fromEntries(USES.map((use) => [use, keys.certificates(agency.oin, use)])),
  mandaten: [],
  abonnementen: agency.abonnementen ?? [],
});

const trusted = (keys: TownKeys, { crlRefreshSeconds = 1 }: Places) => ({
  trust: { ...keys.authority.trust, crlRefreshSeconds },
  registrar: {
    oin: REGISTRAR.oin,
    certificates: keys.certificates(REGISTRAR.oin, 'authenticiteit'),
  },
});

export function routerYaml(places: Places, keys: TownKeys) {
  const { folder, ports } = places;
  const { brokers = [ports.broker] } = ports;
  const seed = (role: string) => join(paths(folder).broker, `${role}.seed`);
  return {
    identity: keys.identity(OPERATOR.oin),
    ...trusted(keys, places),
    broker: {
      servers: brokers.map((port) => `tls://localhost:${port}`),
      replicas: brokers.length,
      ca: keys.authority.trust.roots[0],
      credentials: { door: seed('door'), pipeline: seed('pipeline'), admin: seed('admin') },
      // On a server that can prove what it keeps, the router must start without the flag.
      insecure: !knowsSyncInterval(serverVersion()),
    },
    door: {
      host: '127.0.0.1',
      port: ports.door,
      metrics: { host: '127.0.0.1', port: 0 },
    },
    log: { level: 'info' },
  };
}

export interface AdapterPlaces extends Places {
  readonly name: string;
  readonly restPort: number;
  /** Whether it also exchanges by folder. */
  readonly byFolder: boolean;
}

export function adapterYaml(places: AdapterPlaces, keys: TownKeys, { oin }: TownAgency) {
  const { folder, ports, name, restPort, byFolder } = places;
  const own = (file: string) => join(paths(folder).adapter(name), file);
  return {
    log: { level: 'info' },
    agencies: [
      {
        identity: keys.identity(oin),
        ...trusted(keys, places),
        router: { url: `https://localhost:${ports.door}`, oin: OPERATOR.oin },
        store: { path: own('adapter.db'), keyFile: own('store.key') },
        rest: { host: '127.0.0.1', port: restPort, tokenFile: own('token') },
        ...(byFolder && { folder: { path: own('map'), pollSeconds: 1 } }),
      },
    ],
  };
}
