/**
 * The part of the town that the benchmark needs, as real processes: the broker, a router in one
 * process, and the adapters that send and receive. Everything lies in a folder of its own that is
 * removed afterwards.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { loadIdentity } from '../certs/keystore.ts';
import type { LogName } from '../router/bus/bus.ts';
import { connectBus } from '../router/bus/connect.ts';
import { prepareStreams } from '../router/bus/prepare.ts';
import { serverVersion, startServer } from '../router/bus/server.ts';
import { writeBrokerSettings } from '../router/bus/settings.ts';
import { AGENCIES, type AgencyName, OPERATOR, REGISTRAR } from '../test/town/agencies.ts';
import { adapterYaml, paths, registerEntry, routerYaml, writeYaml } from '../test/town/files.ts';
import { copyKeys } from '../test/town/keys.ts';
import { freePorts, type Started, startProcess } from '../test/town/processes.ts';
import { letterOf } from './bodies.ts';
import type { Case, Profile } from './cases.ts';
import { watchDeliveries } from './deliveries.ts';
import type { Send } from './load.ts';
import type { Watched } from './processes.ts';
import type { Ends } from './verify.ts';

const NAMES: AgencyName[] = ['politie', 'om', 'vt', 'reclassering', 'rvdk'];
const KETENPOST = fileURLToPath(new URL('../ketenpost.js', import.meta.url));

export interface Route {
  readonly send: Send;
  readonly sent: ReadonlySet<string>;
  readonly ends: Ends;
  close(): Promise<void>;
}
export interface Street {
  readonly processes: readonly Watched[];
  route(of: Case): Promise<Route>;
  written(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const LOGS: LogName[] = ['MAILBOX', 'RECEIPT', 'ID', 'LEDGER', 'CHAIN'];

export async function openStreet(profile: Profile): Promise<Street> {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-bench-'));
  const at = paths(folder);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const keys = await copyKeys(at.certs, profile, () => {});
  const [broker = 0, door = 0, ...rest] = await freePorts(2 + NAMES.length);
  const places = { folder, ports: { broker, door } };
  for (const name of NAMES) {
    writeYaml(at.entry(name), registerEntry(AGENCIES[name], keys, profile));
    mkdirSync(at.adapter(name), { recursive: true });
    writeYaml(
      at.adapterYaml(name),
      adapterYaml(
        { ...places, name, restPort: rest[NAMES.indexOf(name)] ?? 0, byFolder: false },
        keys,
        AGENCIES[name],
      ),
    );
  }
  writeYaml(at.entry('router'), registerEntry(OPERATOR, keys, profile));
  writeYaml(at.router, routerYaml(places, keys));
  const identity = await loadIdentity(keys.identity(OPERATOR.oin));
  mkdirSync(at.broker, { recursive: true });
  await writeBrokerSettings(
    at.broker,
    {
      host: '127.0.0.1',
      port: broker,
      tls: identity.tls as never,
      store: join(at.broker, 'store'),
      name: 'bench',
    },
    serverVersion(),
  );
  const nats = await startServer(at.broker);
  const options = {
    servers: [`tls://localhost:${broker}`],
    ca: keys.authority.trust.roots[0] ?? '',
    role: 'admin' as const,
    seedFile: join(at.broker, 'admin.seed'),
    name: 'bench',
  };
  await prepareStreams(options, { replicas: 1 });
  const registrar = keys.identity(REGISTRAR.oin).signing as {
    p12?: string;
    key?: string;
    certificate?: string;
    passphraseFile: string;
  };
  execFileSync(
    process.execPath,
    [
      KETENPOST,
      'registry',
      'apply',
      at.register,
      '--config',
      at.router,
      ...(registrar.p12
        ? ['--registrar-key', registrar.p12]
        : [
            '--registrar-key',
            registrar.key ?? '',
            '--registrar-certificate',
            registrar.certificate ?? '',
          ]),
      '--passphrase-file',
      registrar.passphraseFile,
    ],
    { stdio: 'inherit' },
  );
  const start = (name: string, args: string[]) =>
    startProcess({
      name,
      command: process.execPath,
      args: [KETENPOST, ...args],
      log: at.log(name),
      ready: /ready/,
      env: {},
    });
  const router = await start('router', ['router', '--config', at.router]);
  const adapters: Record<string, Started> = {};
  for (const name of NAMES)
    adapters[name] = await start(`adapter ${name}`, ['adapter', '--config', at.adapterYaml(name)]);
  const admin = await connectBus(options);
  const store = (name: string) => join(at.adapter(name), 'adapter.db');
  return {
    processes: [
      { name: 'router', pid: router.pid },
      { name: 'nats-server', pid: nats.pid },
      ...NAMES.map((name) => ({ name: `adapter ${name}`, pid: adapters[name]?.pid ?? 0 })),
    ],
    async route(of) {
      const letter = letterOf(of);
      const token = readFileSync(at.token(letter.from), 'utf8').trim();
      const pool = new Pool(`http://127.0.0.1:${rest[NAMES.indexOf(letter.from)]}`, {
        connections: 32,
      });
      const sent = new Set<string>();
      const deliveries = watchDeliveries(store(letter.from));
      const body = JSON.stringify(letter.message);
      const send: Send = async () => {
        const response = await pool.request({
          method: 'POST',
          path: '/v1/berichten',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body,
        });
        const text = await response.body.text();
        if (response.statusCode !== 202)
          throw new Error(`the adapter said ${response.statusCode}: ${text.slice(0, 300)}`);
        const { bericht } = JSON.parse(text) as { bericht: string };
        sent.add(bericht);
        return deliveries.known(bericht, of.recipients);
      };
      return {
        send,
        sent,
        ends: { sender: store(letter.from), recipients: letter.to.map(store) },
        close: async () => {
          deliveries.stop();
          await pool.close();
        },
      };
    },
    async written() {
      const states = await Promise.all(
        LOGS.map(async (log) => [log, (await admin.log(log).state()).last] as const),
      );
      return Object.fromEntries(states);
    },
    async close() {
      await admin.close();
      for (const one of [...Object.values(adapters), router]) await one.stop();
      await nats.stop();
      if (!process.env['KEEP']) rmSync(folder, { recursive: true });
      else process.stderr.write(`${folder}\n`);
    },
  };
}
