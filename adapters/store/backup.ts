/**
 * A copy of a store that may be in use: consistent, as encrypted as the store itself, with a manifest
 * beside it that says what it is. The store key is not in it. Putting it back takes the lock of the
 * store, keeps what was there aside, and marks the store as restored.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CommandError } from '../../schemas/command.ts';
import { writeWhole } from '../connectors/files.ts';
import { Database } from './database.ts';
import { History } from './history.ts';
import { readKeys, syncFolder } from './keyfile.ts';
import { lockStore } from './lock.ts';
import { migrate, VERSION } from './migrations.ts';
import type { StoreConfig } from './store.ts';

export interface Manifest {
  /** Of the tables. */
  readonly versie: number;
  readonly oin: string;
  /** When the copy was made, ISO 8601: it has everything that was stored before. */
  readonly tijd: string;
  readonly bytes: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** The ids of the store keys that its values are encrypted under. */
  readonly sleutels: readonly string[];
}

const manifestOf = (file: string): string => `${file}.manifest.json`;

/** @throws CommandError when there is no store, or something lies at `out` */
export async function backup(config: StoreConfig, out: string, now: number): Promise<Manifest> {
  if (!existsSync(config.path)) throw wrong(`there is no store ${config.path}`, 'check store.path');
  for (const file of [out, manifestOf(out)]) {
    if (existsSync(file)) throw wrong(`${file} is there already`, 'name a new file');
  }
  const beside = `${out}.tmp`;
  rmSync(beside, { force: true });
  const database = new Database(config.path);
  try {
    const tijd = new Date(now).toISOString();
    database.exec(`VACUUM INTO '${beside.replaceAll("'", "''")}'`);
    chmodSync(beside, 0o600);
    sync(beside);
    const about = { tijd, ...look(beside), ...(await digest(beside)) };
    renameSync(beside, out);
    writeWhole(manifestOf(out), `${JSON.stringify(about, undefined, 2)}\n`);
    return about;
  } finally {
    rmSync(beside, { force: true });
    database.close();
  }
}

/** What a copy says of itself. */
function look(path: string): Pick<Manifest, 'versie' | 'oin' | 'sleutels'> {
  const database = new Database(path);
  try {
    const meta = database.prepare<Record<never, never>, { value: string }>(
      "SELECT value FROM meta WHERE name = 'oin'",
    );
    const keys = database.prepare<Record<never, never>, { key: string }>(`
      SELECT DISTINCT key FROM outbox UNION SELECT DISTINCT key FROM inbox
      UNION SELECT DISTINCT key FROM replies UNION SELECT DISTINCT key FROM receipts`);
    const sleutels = keys.all({}).flatMap(({ key }) => (key === '' ? [] : [key]));
    return { versie: database.version, oin: meta.get({})?.value ?? '', sleutels };
  } finally {
    database.close();
    dropLog(path);
  }
}

/** What SQLite leaves beside a file that was closed, or that a fall left: it would get into the next one there. */
function dropLog(path: string): void {
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
}

async function digest(path: string): Promise<Pick<Manifest, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { bytes: statSync(path).size, sha256: hash.digest('hex') };
}

export interface Restoration {
  readonly manifest: Manifest;
  /** Where the store that was there is kept; absent when there was none. */
  readonly aside?: string;
}

interface Wishes {
  readonly oin: string;
  readonly now: number;
  /** A store that is there, and has changed since the backup, is put aside. */
  readonly overwrite: boolean;
}

/**
 * Puts a backup in place of the store of a stopped adapter.
 * @throws CommandError when the adapter runs, the backup is not whole, another's, of a newer program
 *   or of keys that are gone, or when what is there is newer
 */
export async function restore(
  config: StoreConfig,
  file: string,
  wishes: Wishes,
): Promise<Restoration> {
  const manifest = await check(config, file, wishes.oin);
  const lock = lockStore(config.path);
  try {
    refuseNewer(config.path, manifest, wishes);
    const fresh = `${config.path}.restoring`;
    dropLog(fresh);
    copyFileSync(file, fresh);
    chmodSync(fresh, 0o600);
    await mark(fresh, manifest, wishes.now);
    const aside = putAside(config.path, wishes.now);
    renameSync(fresh, config.path);
    syncFolder(dirname(config.path));
    return { manifest, ...(aside !== undefined && { aside }) };
  } finally {
    lock.release();
  }
}

async function check(config: StoreConfig, file: string, oin: string): Promise<Manifest> {
  const manifest = readManifest(file);
  const { sha256, bytes } = await digest(file);
  if (sha256 !== manifest.sha256 || bytes !== manifest.bytes)
    throw wrong(
      `${file} is not what its manifest says`,
      'take another backup: this one is damaged',
    );
  const told = look(file);
  if (told.oin !== oin)
    throw wrong(`the backup is of ${told.oin}, not of ${oin}`, 'choose with --agency');
  if (told.versie > VERSION)
    throw wrong('a newer program made this backup', 'install that program first');
  const keys = new Set(readKeys(config.keyFile).map(({ id }) => id));
  const gone = told.sleutels.filter((id) => !keys.has(id));
  if (gone.length > 0)
    throw wrong(
      `${config.keyFile} has not the store key ${gone.join(', ')}`,
      'put back the copy of the key file from the time of the backup',
    );
  return { ...manifest, ...told };
}

function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(manifestOf(file), 'utf8')) as Manifest;
  } catch {
    throw wrong(`${manifestOf(file)} cannot be read`, 'keep the manifest beside the backup');
  }
}

/** Newer: something was stored in it after the backup was made. */
function refuseNewer(path: string, { tijd }: Manifest, { overwrite }: Wishes): void {
  if (overwrite || !existsSync(path)) return;
  const changed = ['', '-wal']
    .map((end) => statSync(`${path}${end}`, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    .reduce((a, b) => Math.max(a, b));
  if (changed <= Date.parse(tijd)) return;
  const next =
    'add --overwrite to put it aside and go back; what came after the backup is then missing';
  throw wrong(`the store ${path} has changed since the backup of ${tijd}`, next);
}

/** The store knows that it was restored, and from when the router is to be asked what it lacks. */
async function mark(path: string, { tijd }: Manifest, now: number): Promise<void> {
  const database = new Database(path);
  migrate(database);
  const history = new History(database);
  await database.write(() => {
    history.markRestored({ at: new Date(now).toISOString(), from: tijd });
    history.openGap(Math.max(0, Math.floor(Date.parse(tijd) / 1000) - MARGIN_S));
  });
  database.close();
  dropLog(path);
  sync(path);
}

/** Clocks differ, and a receipt is kept by the router a while after it was signed. */
const MARGIN_S = 3600;

function putAside(path: string, now: number): string | undefined {
  if (!existsSync(path)) return undefined;
  const aside = `${path}.before-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`);
  }
  return aside;
}

function sync(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

const wrong = (message: string, next: string): CommandError =>
  new CommandError('usage', message, next);
