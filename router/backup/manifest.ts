/** What is in a backup, file by file, so that a restore can prove that it is whole and unchanged. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CommandError } from '../../schemas/command.ts';

export const MANIFEST = 'manifest.json';

export interface FileEntry {
  /** From the folder of the backup, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly format: 'ketenpost-backup-1';
  /** When the copying was finished. */
  readonly made: string;
  /** Whether sealed messages are in it: such a backup must be destroyed within a day. */
  readonly bodies: boolean;
  readonly files: readonly FileEntry[];
}

/** Every file below a folder, in order of path, with slashes. Links are not followed: a store has none. */
export async function filesBelow(folder: string, under = ''): Promise<string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = under === '' ? entry.name : `${under}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : entry.isFile() ? [path] : [];
    }),
  );
  return found.flat().sort();
}

export async function describeFile(folder: string, path: string): Promise<FileEntry> {
  const file = join(folder, path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { path, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** @throws CommandError refused, when it is not a whole and unchanged backup; tells every file at fault */
export async function readBackup(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const wanted = new Map(manifest.files.map((file) => [file.path, file]));
  const there = (await filesBelow(folder)).filter((path) => path !== MANIFEST);
  const faults = there.filter((path) => !wanted.has(path)).map((path) => `${path} was added`);
  for (const file of manifest.files) {
    if (!isInside(file.path)) faults.push(`${file.path} lies outside`);
    else if (!there.includes(file.path)) faults.push(`${file.path} is missing`);
    else if ((await describeFile(folder, file.path)).sha256 !== file.sha256)
      faults.push(`${file.path} was changed`);
  }
  if (faults.length === 0) return manifest;
  const next = 'Take another backup; nothing was restored.';
  throw new CommandError('refused', `${folder} is not whole:\n  ${faults.join('\n  ')}`, next);
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  try {
    const manifest = JSON.parse(text ?? '') as Manifest;
    if (manifest.format === 'ketenpost-backup-1') return manifest;
  } catch {
    // Said below: not a backup, or one that was cut off.
  }
  const next = 'A backup is a folder that ketenpost broker backup wrote to its end.';
  throw new CommandError('usage', `${folder} holds no backup`, next);
}

const isInside = (path: string): boolean =>
  normalize(path) === path.split('/').join(sep) && !path.startsWith('/') && !path.startsWith('..');

/** Whether nothing is there, or an empty folder. */
export async function isFree(folder: string): Promise<boolean> {
  const there = await lstat(folder).catch(() => undefined);
  return there === undefined || (there.isDirectory() && (await readdir(folder)).length === 0);
}
