/**
 * Writes the settings of a broker into a folder: nats-server.conf (conf.ts), its certificate, and the
 * credentials of those who may connect.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { nkeys } from 'nats';
import { type BrokerSettings, brokerConfig } from './conf.ts';
import {
  certificateFile,
  configFile,
  keyFile,
  SEEDS,
  type SeedName,
  secretFile,
  seedFile,
} from './places.ts';

export { configFile, seedFile } from './places.ts';

/**
 * Writes the settings into `dir`. Seeds that are there already are kept, so that it can be run
 * again after a change of settings or of server without locking anybody out.
 */
export async function writeBrokerSettings(
  dir: string,
  settings: BrokerSettings,
  serverVersion: string,
): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const keys = new Map<SeedName, string>();
  for (const name of SEEDS) keys.set(name, await keepSeed(seedFile(dir, name)));
  const publicKey = (name: SeedName): string => keys.get(name) ?? '';
  const routeSecret = settings.cluster && (await keepSecret(secretFile(dir)));
  const files: [string, string][] = [
    [certificateFile(dir), settings.tls.cert],
    // nats-server cannot read a key that is encrypted: this file is as secret as the seeds.
    [keyFile(dir), settings.tls.key],
    [configFile(dir), brokerConfig(dir, settings, { serverVersion, publicKey, routeSecret })],
  ];
  for (const [file, text] of files) await writeSecret(file, text);
}

/** @returns the public key of the seed in the file, which is made when it is not there */
async function keepSeed(file: string): Promise<string> {
  if (!existsSync(file)) {
    await writeFile(file, nkeys.createUser().getSeed(), { mode: 0o600, flag: 'wx' });
  }
  await chmod(file, 0o600);
  return nkeys.fromSeed(new Uint8Array(await readFile(file))).getPublicKey();
}

/** What the servers of a cluster say to each other before anything else. Fit to stand in a URL. */
async function keepSecret(file: string): Promise<string> {
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  }
  await chmod(file, 0o600);
  return (await readFile(file, 'utf8')).trim();
}

async function writeSecret(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  await chmod(file, 0o600);
}
