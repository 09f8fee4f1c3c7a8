/**
 * The folder of a broker, as `ketenpost broker config` writes it: settings, credentials, and how
 * to reach it, so that whoever looks after it need not say that twice.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../../schemas/command.ts';
import type { BrokerSettings } from './conf.ts';
import type { ConnectOptions } from './connect.ts';
import { caFile, SHARED_FILES, seedFile } from './places.ts';
import { writeBrokerSettings } from './settings.ts';

export interface BrokerFolder {
  /** The name in the broker's certificate by which it is reached. */
  readonly address: string;
  readonly port: number;
  /** How many servers keep each stream. */
  readonly replicas: number;
  /** Whether it is one of several; it then waits for the others before anything is asked of it. */
  readonly clustered: boolean;
}

const aboutFile = (dir: string): string => join(dir, 'broker.json');

export async function writeBrokerFolder(
  dir: string,
  settings: BrokerSettings &
    Omit<BrokerFolder, 'port' | 'clustered'> & {
      readonly ca: string;
      /** The folder of another server of the cluster, whose credentials are taken over. */
      readonly join?: string;
    },
  serverVersion: string,
): Promise<void> {
  const { address, port, replicas, ca, join: other, cluster } = settings;
  await refuseOtherKind(dir, settings);
  if (other !== undefined) await takeOver(other, dir);
  await writeBrokerSettings(dir, settings, serverVersion);
  await copyFile(ca, caFile(dir));
  const about: BrokerFolder = { address, port, replicas, clustered: cluster !== undefined };
  await writeFile(aboutFile(dir), `${JSON.stringify(about, null, 2)}\n`);
}

/**
 * What a lone server stored is not found by the same server as one of a cluster, nor the other way
 * round: its streams would be gone.
 * @throws CommandError usage when there is something stored
 */
async function refuseOtherKind(dir: string, { store, cluster }: BrokerSettings): Promise<void> {
  if (!existsSync(aboutFile(dir)) || !existsSync(join(store, 'jetstream'))) return;
  const { clustered = false } = await readBrokerFolder(dir);
  if (clustered === (cluster !== undefined)) return;
  const was = clustered ? 'one of a cluster' : 'a server that stood alone';
  throw new CommandError(
    'usage',
    `${store} was filled by ${was}, and its streams would not be found`,
    'Choose another --store and --out; docs/many-machines.md says how to move.',
  );
}

/** Copies what all servers have in common. What is there already must be the same. */
async function takeOver(from: string, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const name of SHARED_FILES) {
    const [there, here] = [join(from, name), join(dir, name)];
    const text = await readFile(there, 'utf8').catch(() => {
      const next =
        'Name the folder that ketenpost broker config --cluster wrote for another server.';
      throw new CommandError('usage', `${there} cannot be read`, next);
    });
    if (!existsSync(here)) await writeFile(here, text, { mode: 0o600, flag: 'wx' });
    if ((await readFile(here, 'utf8')) === text) continue;
    const next =
      'Remove it, or leave --join out: servers with other credentials cannot work together.';
    throw new CommandError('usage', `${here} is not that of ${from}`, next);
  }
}

/** @throws CommandError when it is not such a folder */
export async function readBrokerFolder(dir: string): Promise<BrokerFolder> {
  if (!existsSync(aboutFile(dir))) {
    const next = `make it with ketenpost broker config --out ${dir}`;
    throw new CommandError('usage', `${dir} holds no settings of a broker`, next);
  }
  return JSON.parse(await readFile(aboutFile(dir), 'utf8')) as BrokerFolder;
}

/** Who looks after the broker connects with the admin's seed of the folder. */
export const adminOptions = (dir: string, { address, port }: BrokerFolder): ConnectOptions => ({
  servers: [`tls://${address}:${port}`],
  ca: caFile(dir),
  role: 'admin',
  seedFile: seedFile(dir, 'admin'),
  name: 'ketenpost-broker',
});
