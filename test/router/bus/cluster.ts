/** A real cluster of brokers for tests: generated settings, TLS on every line, streams on all servers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '../../../router/bus/bus.ts';
import { type ConnectOptions, connectBus } from '../../../router/bus/connect.ts';
import { writeBrokerFolder } from '../../../router/bus/folder.ts';
import { seedFile } from '../../../router/bus/places.ts';
import { prepareStreams } from '../../../router/bus/prepare.ts';
import { type RunningServer, serverVersion, startServer } from '../../../router/bus/server.ts';
import type { BusRole } from '../../../router/bus/users.ts';
import { freePorts } from '../../town/ports.ts';
import { brokerTls } from './broker.ts';

export interface TestCluster {
  readonly folder: string;
  readonly ca: string;
  /** The folder with the settings of one server. */
  dir(at: number): string;
  readonly routes: readonly number[];
  readonly servers: readonly string[];
  options(role: BusRole, which?: readonly string[]): ConnectOptions;
  connect(role: BusRole): Promise<Bus>;
  kill(at: number): Promise<void>;
  start(at: number): Promise<void>;
  pid(at: number): number;
  stop(): Promise<void>;
}

interface Shape {
  /** How many servers keep each stream. */
  readonly replicas?: number;
  readonly count?: number;
  /** Set to false for what the server does by itself, also when it could write through. */
  readonly syncAlways?: boolean;
}

/** Of this version the settings hold nothing that the server could do better than by default. */
const WITHOUT_SYNC = '2.10.0';

export async function startTestCluster(shape: Shape = {}): Promise<TestCluster> {
  const { replicas = 3, count = 3, syncAlways = true } = shape;
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-cluster-'));
  const ca = join(folder, 'root.pem');
  const tls = await brokerTls();
  writeFileSync(ca, tls.ca);
  const ports = await freePorts(2 * count);
  const [clients, routes] = [ports.slice(0, count), ports.slice(count)];
  const dir = (at: number) => join(folder, `broker-${at}`);
  for (const [at, port] of clients.entries()) {
    const others = routes.filter((_, other) => other !== at).map((route) => `localhost:${route}`);
    const cluster = { name: 'test', host: '127.0.0.1', port: routes[at] ?? 0, routes: others };
    await writeBrokerFolder(
      dir(at),
      {
        ...{ host: '127.0.0.1', port, tls, store: join(dir(at), 'store'), name: `broker-${at}` },
        ...{ ca, address: 'localhost', replicas },
        ...(count > 1 && { cluster }),
        ...(at > 0 && { join: dir(0) }),
      },
      syncAlways ? serverVersion() : WITHOUT_SYNC,
    );
  }
  const running: RunningServer[] = await Promise.all(clients.map((_, at) => startServer(dir(at))));
  const servers = clients.map((port) => `tls://localhost:${port}`);
  const options = (role: BusRole, which = servers): ConnectOptions => ({
    ...{ servers: which, ca, role, seedFile: seedFile(dir(0), role), name: role },
  });
  const patience = { limitMs: 60_000, onWait: () => undefined };
  await prepareStreams(options('admin'), { replicas, patience });
  const open: Bus[] = [];
  return {
    ...{ folder, ca, dir, routes, servers, options },
    async connect(role) {
      const bus = await connectBus(options(role));
      open.push(bus);
      return bus;
    },
    kill: async (at) => running[at]?.kill(),
    async start(at) {
      running[at] = await startServer(dir(at));
    },
    pid: (at) => running[at]?.pid ?? 0,
    async stop() {
      await Promise.all(open.map((bus) => bus.close()));
      await Promise.all(running.map((server) => server.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
