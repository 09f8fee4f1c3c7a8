/** `ketenpost broker …`: settings and credentials of the nats-server, and a server that runs on them. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toPem } from '../../certs/pem.ts';
import { readPkcs12 } from '../../certs/pkcs12.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { BusFault } from '../bus/bus.ts';
import type { ConnectOptions } from '../bus/connect.ts';
import { knowsSyncInterval } from '../bus/durability.ts';
import { adminOptions, readBrokerFolder, writeBrokerFolder } from '../bus/folder.ts';
import { type Prepared, prepareStreams } from '../bus/prepare.ts';
import { serverVersion, startServer } from '../bus/server.ts';
import { seedFile } from '../bus/settings.ts';
import { describe } from '../bus/streams.ts';
import { BUS_ROLES } from '../bus/users.ts';
import { readRouterConfig } from '../config.ts';
import { CONFIG_OPTION, type Options, text } from './admin.ts';

const config: Command = {
  name: 'broker config',
  summary: 'write nats-server.conf and a seed for each role; seeds that are there are kept',
  options: [
    ['--out <dir>', 'the folder to write into', 'broker'],
    ['--ca <file>', "certificate (PEM) that the broker's certificate descends from"],
    ['--p12 <file>', "the broker's TLS key and certificate, as PKCS#12"],
    ['--certificate <file>', 'or its certificate with chain, in PEM'],
    ['--key <file>', 'and its key, in PEM'],
    ['--passphrase-file <file>', 'file that holds the passphrase of the key, when it has one'],
    ['--host <address>', 'address to listen on', '127.0.0.1'],
    ['--port <port>', 'port to listen on', '4222'],
    ['--address <name>', "name in the broker's certificate by which it is reached", 'localhost'],
    ['--store <dir>', 'where the streams are kept; <out>/store when absent'],
    ['--store-bytes <number>', 'the most that may be kept there'],
    ['--monitor-port <port>', 'open the monitoring pages of nats-server on loopback'],
    ['--name <name>', 'name of the server', 'ketenpost'],
    ['--replicas <number>', 'servers that keep each stream: 1, or 3 in a cluster', '1'],
  ],
  example:
    'ketenpost broker config --out broker --ca root.pem --p12 tls.p12 --passphrase-file passphrase',
  run: async (_args, options) => {
    const dir = text(options, 'out') ?? 'broker';
    const version = installed();
    const [storeBytes, monitorPort] = [
      number(options, 'storeBytes'),
      number(options, 'monitorPort'),
    ];
    await writeBrokerFolder(
      dir,
      {
        host: text(options, 'host') ?? '127.0.0.1',
        port: number(options, 'port') ?? 4222,
        address: text(options, 'address') ?? 'localhost',
        store: text(options, 'store') ?? join(dir, 'store'),
        name: text(options, 'name') ?? 'ketenpost',
        replicas: number(options, 'replicas') ?? 1,
        tls: await readTls(options),
        ca: needed(options, 'ca', '--ca'),
        ...(storeBytes !== undefined && { storeBytes }),
        ...(monitorPort !== undefined && { monitorPort }),
      },
      version,
    );
    return written(dir, version);
  },
};

/** @throws CommandError usage when there is no nats-server that runs */
function installed(): string {
  try {
    return serverVersion();
  } catch (error) {
    if (!(error instanceof BusFault)) throw error;
    const next = 'Install nats-server, or name it in NATS_SERVER_BIN.';
    throw new CommandError('usage', error.message, next);
  }
}

function written(dir: string, version: string): Report {
  const seeds = Object.fromEntries(BUS_ROLES.map((role) => [role, seedFile(dir, role)]));
  const syncAlways = knowsSyncInterval(version);
  const lines = [
    `Settings for nats-server ${version} are in ${dir}.`,
    `Run them with: ketenpost broker run ${dir}`,
    `In router.yaml, under broker: ca: ${join(dir, 'ca.pem')}, and the seeds under credentials.`,
  ];
  const warning = `nats-server ${version} cannot write through to the disk: routers need broker.insecure`;
  return {
    json: { dir, version, syncAlways, credentials: seeds },
    text: [...lines, ...(syncAlways ? [] : [warning])].join('\n'),
  };
}

const run: Command = {
  name: 'broker run <dir>',
  summary: 'run nats-server on those settings and make its streams, until told to stop',
  options: [['--verbose', 'show what nats-server writes']],
  example: 'ketenpost broker run broker',
  run: async ([dir = 'broker'], options, { line, signal, progress }) => {
    const folder = await readBrokerFolder(dir);
    const connect = adminOptions(dir, folder);
    const verbose = options['verbose'] === true ? progress : undefined;
    const server = await startServer(dir, verbose).catch(notStarted);
    try {
      const prepared = await prepareStreams(connect, { replicas: folder.replicas }).catch(
        notReached,
      );
      for (const difference of prepared.differences) progress(describe(difference));
      line(`broker ready at ${connect.servers[0]} (nats-server ${serverVersion()})`);
      const stopped = new Promise<'asked'>((done) => {
        if (signal.aborted) done('asked');
        signal.addEventListener('abort', () => done('asked'));
      });
      const end = await Promise.race([stopped, server.ended]);
      if (end === 'asked') return { json: { stopped: true } };
      const next = 'See why in these lines, mend it, and run it again.';
      throw new CommandError('fault', `nats-server ended by itself:\n${end.lastWords}`, next);
    } finally {
      await server.stop();
    }
  },
};

function notStarted(error: unknown): never {
  if (!(error instanceof BusFault)) throw error;
  const next = 'See why in these lines; settings are changed with ketenpost broker config.';
  throw new CommandError('fault', error.message, next);
}

function notReached(error: unknown): never {
  if (!(error instanceof BusFault)) throw error;
  const next = 'Check the --ca and --address that were given to ketenpost broker config.';
  throw new CommandError('unreachable', error.message, next);
}

const streams: Command = {
  name: 'broker streams',
  summary: 'make the streams that a broker lacks, and tell which are not as they should be',
  options: [
    CONFIG_OPTION,
    ['--replicas <number>', 'servers that keep each stream: 1, or 3 in a cluster', '1'],
    ['--update', 'change the settings of those that differ; may drop what is past its age'],
  ],
  example: 'ketenpost broker streams --config router.yaml',
  run: async (_args, options) => {
    const { broker } = await readRouterConfig(text(options, 'config') ?? 'router.yaml');
    const { servers, ca, credentials } = broker;
    const connect: ConnectOptions = {
      servers,
      ca,
      role: 'admin',
      name: 'ketenpost-broker',
      seedFile: credentials.admin ?? missing('broker.credentials.admin in the configuration'),
    };
    const replicas = number(options, 'replicas') ?? 1;
    const update = options['update'] === true;
    return told(await prepareStreams(connect, { replicas, update }).catch(notReached));
  },
};

function told({ made, updated, differences }: Prepared): Report {
  const lines = [
    ...made.map((name) => `made ${name}`),
    ...updated.map((name) => `updated ${name}`),
    ...differences.map(describe),
  ];
  return {
    json: { made, updated, differences },
    text: lines.join('\n') || 'All streams are as they should be.',
    exit: differences.length === 0 ? 'ok' : 'failed',
  };
}

/** The broker's key and certificate. nats-server reads no encrypted key, so it is opened here. */
async function readTls(options: Options): Promise<{ cert: string; key: string }> {
  const passphraseFile = text(options, 'passphraseFile');
  const passphrase = passphraseFile && (await readFile(passphraseFile, 'utf8')).trim();
  const p12 = text(options, 'p12');
  if (p12 !== undefined) {
    const { key, chain } = unlock(p12, await readFile(p12), (bytes) =>
      readPkcs12(bytes, passphrase ?? ''),
    );
    return {
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: chain.map(({ der }) => toPem(der, 'CERTIFICATE')).join(''),
    };
  }
  const file = needed(options, 'key', '--key (with --certificate), or --p12');
  const key = unlock(file, await readFile(file), (bytes) =>
    createPrivateKey({ key: bytes, ...(passphrase && { passphrase }) }),
  );
  return {
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: await readFile(needed(options, 'certificate', '--certificate'), 'utf8'),
  };
}

/** @throws CommandError usage when the key cannot be read with this passphrase */
function unlock<T>(file: string, bytes: Buffer, read: (bytes: Buffer) => T): T {
  try {
    return read(bytes);
  } catch {
    const next = 'Check the file, and --passphrase-file.';
    throw new CommandError('usage', `${file} cannot be opened with this passphrase`, next);
  }
}

function number(options: Options, name: string): number | undefined {
  const given = text(options, name);
  if (given === undefined) return undefined;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new CommandError('usage', `${name} must be a number`, 'Give digits only.');
}

const needed = (options: Options, name: string, flag: string): string =>
  text(options, name) ?? missing(flag);

function missing(what: string): never {
  throw new CommandError('usage', `${what} is missing`, 'Add it; --help shows an example.');
}

export const commands: readonly Command[] = [config, run, streams];
