/**
 * The part of the town that the benchmark needs, as real processes: the broker, a router in one
 * process, and the adapters that send and receive. It lies in a folder of its own that is removed
 * afterwards.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import type { Bus, LogName } from '../router/bus/bus.ts';
import { connectBus } from '../router/bus/connect.ts';
import { adminOptions, readBrokerFolder } from '../router/bus/folder.ts';
import type { AgencyName } from '../test/town/agencies.ts';
import { startTown, type Town } from '../test/town/town.ts';
import { letterOf } from './bodies.ts';
import type { Case, Profile } from './cases.ts';
import { watchDeliveries } from './deliveries.ts';
import type { Send } from './load.ts';
import type { Watched } from './processes.ts';
import { profilingEnv } from './profiling.ts';
import type { Ends } from './verify.ts';

/** From the sender of one case to its recipients. */
export interface Route {
  readonly send: Send;
  /** The ids of all that was sent. */
  readonly sent: ReadonlySet<string>;
  readonly ends: Ends;
  close(): Promise<void>;
}

export interface Street {
  readonly folder: string;
  readonly processes: readonly Watched[];
  /** Whether no message has been on its way yet. */
  isFresh(): boolean;
  route(of: Case): Promise<Route>;
  /** How often each stream was written to until now. */
  written(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const AGENCIES: readonly AgencyName[] = ['politie', 'om', 'vt', 'reclassering', 'rvdk'];
const LOGS: readonly LogName[] = ['MAILBOX', 'RECEIPT', 'ID', 'LEDGER', 'CHAIN'];

/** As an operator would have it: revocation lists every minute, no source maps. */
const USUAL = { crlRefreshSeconds: 60, sourceMaps: false } as const;

export interface StreetOptions {
  readonly keys: Profile;
  /** Whether the processes can be profiled (profiling.ts). */
  readonly profiling: boolean;
  progress(text: string): void;
}

export async function openStreet({ profiling, ...options }: StreetOptions): Promise<Street> {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-bench-'));
  const town = await withEnv(profiling ? profilingEnv(folder) : {}, () =>
    startTown({ ...USUAL, ...options, folder, agencies: AGENCIES }),
  );
  const admin = await connectAsAdmin(town);
  let fresh = true;
  return {
    folder,
    processes: processesOf(town),
    isFresh: () => fresh,
    route: async (of) => {
      const route = openRoute(town, of);
      const send = () => {
        fresh = false;
        return route.send();
      };
      return { ...route, send };
    },
    written: () => countWrites(admin),
    async close() {
      await admin.close();
      await town.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs the work with these in the environment, which child processes take over. */
async function withEnv<T>(env: Record<string, string>, work: () => Promise<T>): Promise<T> {
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
}

function processesOf({ broker, router, adapters }: Town): Watched[] {
  const routers = router.map((part) => ({ name: part.name, pid: part.process().pid }));
  const others = Object.entries(adapters).map(([name, part]) => ({
    name: `adapter ${name}`,
    pid: part.process().pid,
  }));
  return [...routers, { name: 'nats-server', pid: broker.process().pid }, ...others];
}

async function connectAsAdmin({ paths }: Town): Promise<Bus> {
  return connectBus({
    ...adminOptions(paths.broker, await readBrokerFolder(paths.broker)),
    name: 'bench',
  });
}

async function countWrites(admin: Bus): Promise<Record<string, number>> {
  const states = LOGS.map(async (log) => [log, (await admin.log(log).state()).last] as const);
  return Object.fromEntries(await Promise.all(states));
}

function openRoute(town: Town, of: Case): Route {
  const { from, to, message } = letterOf(of);
  const store = (name: AgencyName) => join(town.paths.adapter(name), 'adapter.db');
  const { url } = town.agencies[from].rest;
  const desk = openDesk(url, readFileSync(town.paths.token(from), 'utf8').trim());
  const deliveries = watchDeliveries(store(from));
  const sent = new Set<string>();
  return {
    async send() {
      const id = await desk.submit(message);
      sent.add(id);
      return deliveries.known(id, to.length);
    },
    sent,
    ends: { sender: store(from), recipients: to.map(store) },
    async close() {
      deliveries.stop();
      await desk.close();
    },
  };
}

/** The REST API as a system of an agency uses it: connections that stay open, many requests at once. */
function openDesk(url: string, token: string) {
  const pool = new Pool(url, { connections: 32 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const options = { method: 'POST', path: '/v1/berichten', headers } as const;
  return {
    async submit(message: object): Promise<string> {
      const answer = await pool.request({ ...options, body: JSON.stringify(message) });
      const text = await answer.body.text();
      if (answer.statusCode === 202) return (JSON.parse(text) as { bericht: string }).bericht;
      throw new Error(`the adapter answered ${answer.statusCode} ${text}`);
    },
    close: () => pool.close(),
  };
}
