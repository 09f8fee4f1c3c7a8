/**
 * Backup and restore of the router: the files of its broker while it stands still, with its settings.
 * Bodies stay out: they must be gone a day after their receipt, which a backup cannot know, and every
 * message that is not settled is kept by its sender, who offers it again.
 */
import { rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../schemas/clock.ts';
import { CommandError } from '../schemas/command.ts';
import { holdsBodies, mustNotRun, readBrokerPlace, settingsOf } from './backup/broker-files.ts';
import { copyFiles, toDisk } from './backup/copy.ts';
import {
  describeFile,
  filesBelow,
  isFree,
  MANIFEST,
  type Manifest,
  readBackup,
} from './backup/manifest.ts';

/** The parts of a backup: folders in it. */
const [STORE, BROKER, ROUTER] = ['store', 'broker', 'router'] as const;

export interface BackupOptions {
  /** The folder that `broker config` wrote. */
  readonly broker: string;
  /** A new folder. */
  readonly out: string;
  /** Where the streams are, when it is a snapshot of the file system; the broker may then run. */
  readonly store?: string;
  /** router.yaml, to take along. */
  readonly config?: string;
  readonly bodies: boolean;
  readonly clock: Clock;
}

/** @throws CommandError, and leaves a folder without a manifest behind, which no restore takes */
export async function backUp(options: BackupOptions): Promise<Manifest> {
  const { broker, out, config, bodies, clock } = options;
  const place = await readBrokerPlace(broker);
  if (place.clustered) throw clustered();
  if (options.store === undefined) await mustNotRun(place);
  if (!(await isFree(out))) throw notFree(out, 'Name a new folder.');
  const store = options.store ?? place.store;
  const stored = (await filesBelow(store)).filter((path) => bodies || !holdsBodies(path));
  if (stored.length === 0) throw new CommandError('usage', `${store} is empty`, 'Check the store.');
  await copyFiles(store, join(out, STORE), stored);
  const settings = settingsOf(broker, place.store, await filesBelow(broker));
  await copyFiles(broker, join(out, BROKER), settings);
  if (config !== undefined) await copyFiles(dirname(config), join(out, ROUTER), [basename(config)]);
  const files = [];
  for (const path of await filesBelow(out)) files.push(await describeFile(out, path));
  const made = new Date(clock.now()).toISOString();
  const manifest: Manifest = { format: 'ketenpost-backup-1', made, bodies, files };
  await writeLast(out, manifest);
  return manifest;
}

const clustered = (): CommandError =>
  new CommandError(
    'refused',
    'this is one server of a cluster: its files alone cannot be brought back',
    'Its spare are the other servers. Keep ledger exports, see docs/retention.md.',
  );

const notFree = (folder: string, next: string): CommandError =>
  new CommandError('refused', `${folder} is not empty`, next);

/** The manifest comes last: a folder without one was cut off. */
async function writeLast(out: string, manifest: Manifest): Promise<void> {
  const file = join(out, MANIFEST);
  await writeFile(file, `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600, flag: 'wx' });
  await toDisk(file);
  await toDisk(out);
}

export interface RestoreOptions {
  readonly backup: string;
  /** The folder of the broker; its settings are brought back when it is not there. */
  readonly broker: string;
  /** What is in the store is put aside. */
  readonly replace: boolean;
  readonly clock: Clock;
}

export interface Restored {
  readonly manifest: Manifest;
  readonly store: string;
  /** Where the former store went. */
  readonly aside: string | null;
  /** Whether the settings of the broker came from the backup. */
  readonly settings: boolean;
}

/** Writes nothing before the whole backup has been proven; the store appears all at once. @throws CommandError */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { backup, broker, replace, clock } = options;
  const manifest = await readBackup(backup);
  const settings = await isFree(broker);
  if (settings) await bring(backup, BROKER, manifest, broker);
  const place = await readBrokerPlace(broker);
  const { store } = place;
  await mustNotRun(place);
  const isEmpty = await isFree(store);
  if (!isEmpty && !replace) throw notFree(store, 'Give --replace to put what is there aside.');
  const stamp = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const [fresh, aside] = [`${store}.new-${stamp}`, `${store}.before-${stamp}`];
  await bring(backup, STORE, manifest, fresh);
  if (!isEmpty) await rename(store, aside);
  await rename(fresh, store);
  await toDisk(dirname(store));
  return { manifest, store, aside: isEmpty ? null : aside, settings };
}

async function bring(backup: string, part: string, { files }: Manifest, to: string): Promise<void> {
  const paths = files
    .filter(({ path }) => path.startsWith(`${part}/`))
    .map(({ path }) => path.slice(part.length + 1));
  await copyFiles(join(backup, part), to, paths);
}
