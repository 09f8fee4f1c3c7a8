/** `ketenpost broker config`: settings and credentials of one nats-server, alone or in a cluster. */
import { join } from 'node:path';
import { type Command, CommandError, type Report } from '../../../schemas/command.ts';
import { BusFault } from '../../bus/bus.ts';
import type { ClusterSettings } from '../../bus/conf.ts';
import { knowsSyncInterval } from '../../bus/durability.ts';
import { writeBrokerFolder } from '../../bus/folder.ts';
import { seedFile } from '../../bus/places.ts';
import { serverVersion } from '../../bus/server.ts';
import { BUS_ROLES } from '../../bus/users.ts';
import { type Options, text } from '../admin.ts';
import { missing, needed, number } from './options.ts';
import { readTls } from './read-tls.ts';

export const config: Command = {
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
    ['--name <name>', 'name of the server, its own in a cluster', 'ketenpost'],
    ['--replicas <number>', 'servers that keep each stream; 3 when there are as many, else 1'],
    ['--cluster <name>', 'make it one of several: name of the cluster'],
    ['--cluster-host <address>', 'address to listen on for the other servers', '127.0.0.1'],
    ['--cluster-port <port>', 'port to listen on for the other servers', '6222'],
    ['--routes <list>', 'host:port of each of the others, with commas between them'],
    ['--join <dir>', 'folder of another server of the cluster, whose credentials are taken over'],
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
    const cluster = readCluster(options);
    const other = text(options, 'join');
    await writeBrokerFolder(
      dir,
      {
        host: text(options, 'host') ?? '127.0.0.1',
        port: number(options, 'port') ?? 4222,
        address: text(options, 'address') ?? 'localhost',
        store: text(options, 'store') ?? join(dir, 'store'),
        name: text(options, 'name') ?? 'ketenpost',
        replicas: number(options, 'replicas') ?? replicasFor(cluster),
        tls: await readTls(options),
        ca: needed(options, 'ca', '--ca'),
        ...(storeBytes !== undefined && { storeBytes }),
        ...(monitorPort !== undefined && { monitorPort }),
        ...(cluster !== undefined && { cluster }),
        ...(other !== undefined && { join: other }),
      },
      version,
    );
    return written(dir, version, cluster);
  },
};

/** @throws CommandError usage when what belongs to a cluster is given without one, or by halves */
function readCluster(options: Options): ClusterSettings | undefined {
  const name = text(options, 'cluster');
  const routes = text(options, 'routes')
    ?.split(',')
    .filter((route) => route !== '');
  if (name === undefined) {
    if (routes !== undefined || text(options, 'join') !== undefined)
      missing('--cluster (with --routes and --join)');
    return undefined;
  }
  const wrong = (routes ?? missing('--routes')).find((route) => !/^[^\s:/@]+:\d{1,5}$/.test(route));
  if (wrong !== undefined)
    throw new CommandError('usage', `${wrong} is not host:port`, 'Give --routes as a:6222,b:6222.');
  if ((text(options, 'name') ?? 'ketenpost') === 'ketenpost')
    missing('--name: each server of a cluster has its own; a --name');
  const host = text(options, 'clusterHost') ?? '127.0.0.1';
  return { name, host, port: number(options, 'clusterPort') ?? 6222, routes: routes ?? [] };
}

/** Three servers agree when one is gone; two cannot. */
const replicasFor = (cluster: ClusterSettings | undefined): number =>
  (cluster?.routes.length ?? 0) >= 2 ? 3 : 1;

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

function written(dir: string, version: string, cluster: ClusterSettings | undefined): Report {
  const seeds = Object.fromEntries(BUS_ROLES.map((role) => [role, seedFile(dir, role)]));
  const syncAlways = knowsSyncInterval(version);
  const lines = [
    `Settings for nats-server ${version} are in ${dir}.`,
    `Run them with: ketenpost broker run ${dir}`,
    ...(cluster === undefined ? [] : [JOINING]),
    `In router.yaml, under broker: ca: ${join(dir, 'ca.pem')}, and the seeds under credentials.`,
  ];
  const warning = `nats-server ${version} cannot write through to the disk: routers need broker.insecure`;
  return {
    json: { dir, version, syncAlways, credentials: seeds },
    text: [...lines, ...(syncAlways ? [] : [warning])].join('\n'),
  };
}

const JOINING =
  'For the other servers of the cluster: the same with a --name, --out and --store of their own, and --join this folder.';
