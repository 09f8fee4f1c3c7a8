/** A real broker for tests: generated settings, TLS, one connection per role. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '../../../router/bus/bus.ts';
import { connectBus } from '../../../router/bus/connect.ts';
import { prepareStreams } from '../../../router/bus/prepare.ts';
import { type RunningServer, serverVersion, startServer } from '../../../router/bus/server.ts';
import { seedFile, writeBrokerSettings } from '../../../router/bus/settings.ts';
import type { BusRole } from '../../../router/bus/users.ts';

export interface TestBroker {
  readonly dir: string;
  readonly servers: readonly string[];
  /** PEM file of the authority that issued the broker's certificate. */
  readonly ca: string;
  /** The nkey seed file of a role, as the configuration of a router wants it. */
  seed(role: BusRole | 'system'): string;
  /** A connection of its own for whoever asks; closed by `stop`. */
  connect(role: BusRole, name?: string): Promise<Bus>;
  /** Ready-made connections. */
  readonly buses: { readonly door: Bus; readonly pipeline: Bus; readonly admin: Bus };
  /** Kills the server as a crash would; `start` brings it back on the same port and store. */
  kill(): Promise<void>;
  /** Stops the server in an orderly way and leaves the connections alone. */
  halt(): Promise<void>;
  start(): Promise<void>;
  readonly pid: () => number;
  /** Closes every connection, stops the server, removes its files. */
  stop(): Promise<void>;
}

export async function startTestBroker(): Promise<TestBroker> {
  const dir = mkdtempSync(join(tmpdir(), 'ketenpost-broker-'));
  const tls = makeCertificate(dir);
  const port = await freePort();
  const settings = { host: '127.0.0.1', port, tls, store: join(dir, 'store'), name: 'test' };
  await writeBrokerSettings(dir, settings, serverVersion());
  const servers = [`tls://localhost:${port}`];
  const seed = (role: BusRole | 'system') => seedFile(dir, role);
  const options = (role: BusRole, name: string) =>
    ({ servers, ca: tls.ca, role, seedFile: seed(role), name }) as const;

  let server: RunningServer = await startServer(dir);
  await prepareStreams(options('admin', 'prepare'), { replicas: 1 });
  const open: Bus[] = [];
  const connect = async (role: BusRole, name: string = role) => {
    const bus = await connectBus(options(role, name));
    open.push(bus);
    return bus;
  };
  const [door, pipeline, admin] = await Promise.all([
    connect('door'),
    connect('pipeline'),
    connect('admin'),
  ]);
  return {
    dir,
    servers,
    ca: tls.ca,
    seed,
    connect,
    buses: { door, pipeline, admin },
    kill: () => server.kill(),
    halt: () => server.stop(),
    start: async () => {
      server = await startServer(dir);
    },
    pid: () => server.pid,
    stop: async () => {
      await Promise.all(open.map((bus) => bus.close()));
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** An authority and a certificate for localhost, on P-256 because that is quick to make. */
function makeCertificate(dir: string): { ca: string; certificate: string; key: string } {
  const at = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: dir });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-subj',
    '/CN=test broker CA',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  openssl(
    ...['req', '-x509', '-CA', 'ca.pem', '-CAkey', 'ca.key', ...newKey, '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-keyout', 'server.key', '-out', 'server.pem'],
  );
  return { ca: at('ca.pem'), certificate: at('server.pem'), key: at('server.key') };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
