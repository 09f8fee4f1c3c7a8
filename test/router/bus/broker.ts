/** A real broker for tests: generated settings, TLS, one connection per role. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BACKDATE,
  DAY,
  generateKeys,
  makeIssuer,
  makeLeaf,
} from '../../../certs/authority/issuers.ts';
import { toPem } from '../../../certs/pem.ts';
import type { Bus } from '../../../router/bus/bus.ts';
import { connectBus } from '../../../router/bus/connect.ts';
import { prepareStreams } from '../../../router/bus/prepare.ts';
import { type RunningServer, serverVersion, startServer } from '../../../router/bus/server.ts';
import { seedFile, writeBrokerSettings } from '../../../router/bus/settings.ts';
import type { BusRole } from '../../../router/bus/users.ts';
import { parseOin } from '../../../schemas/ids.ts';
import { keyFromPool } from '../../town/key-pool.ts';
import { freePort } from '../../town/ports.ts';

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
  const ca = join(dir, 'ca.pem');
  const tls = await brokerTls();
  writeFileSync(ca, tls.ca);
  const port = await freePort();
  const settings = { host: '127.0.0.1', port, tls, store: join(dir, 'store'), name: 'test' };
  await writeBrokerSettings(dir, settings, serverVersion());
  const servers = [`tls://localhost:${port}`];
  const seed = (role: BusRole | 'system') => seedFile(dir, role);
  const options = (role: BusRole, name: string) =>
    ({ servers, ca, role, seedFile: seed(role), name }) as const;

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
    ca,
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

/** A small authority and a certificate for localhost, made once in a process. */
let made: ReturnType<typeof makeTls> | undefined;

/** @param anew of another authority than the one of this process */
export function brokerTls({ anew = false } = {}): ReturnType<typeof makeTls> {
  if (anew) return makeTls();
  made ??= makeTls();
  return made;
}

async function makeTls(): Promise<{ ca: string; cert: string; key: string }> {
  const now = Date.now();
  const root = await makeIssuer(
    'root',
    await keyFromPool('rsa'),
    undefined,
    'http://crl.invalid',
    now,
  );
  const keys = await generateKeys('ec');
  const leaf = {
    oin: parseOin('00000099000000001000'),
    name: 'Broker',
    use: 'tls' as const,
    hosts: ['localhost'],
    notBefore: now - BACKDATE,
    notAfter: now + DAY,
    publicKey: keys.publicKey,
  };
  return {
    ca: toPem(root.certificate.der, 'CERTIFICATE'),
    cert: toPem(await makeLeaf(leaf, root, 'http://crl.invalid'), 'CERTIFICATE'),
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
