/**
 * The folder of a broker, as `ketenpost broker config` writes it: settings, credentials, and how
 * to reach it, so that whoever looks after it need not say that twice.
 */
import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../../schemas/command.ts';
import type { ConnectOptions } from './connect.ts';
import { type BrokerSettings, seedFile, writeBrokerSettings } from './settings.ts';

export interface BrokerFolder {
  /** The name in the broker's certificate by which it is reached. */
  readonly address: string;
  readonly port: number;
  /** How many servers keep each stream. */
  readonly replicas: number;
}

const aboutFile = (dir: string): string => join(dir, 'broker.json');
/** The certificate (PEM) that routers give as `broker.ca`. */
const caFile = (dir: string): string => join(dir, 'ca.pem');

export async function writeBrokerFolder(
  dir: string,
  settings: BrokerSettings & Omit<BrokerFolder, 'port'> & { readonly ca: string },
  serverVersion: string,
): Promise<void> {
  const { address, port, replicas, ca } = settings;
  await writeBrokerSettings(dir, settings, serverVersion);
  await copyFile(ca, caFile(dir));
  await writeFile(aboutFile(dir), `${JSON.stringify({ address, port, replicas }, null, 2)}\n`);
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
