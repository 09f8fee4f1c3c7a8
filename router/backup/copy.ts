/** Copies files so that they are on the disk, and proves that nobody wrote to them meanwhile. */
import { copyFile, mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from '../../schemas/command.ts';

/**
 * @param paths below `from`; they get the same place below `to`, readable by their owner only
 * @throws CommandError refused, when a file changed while it was copied: what is copied is torn then
 */
export async function copyFiles(from: string, to: string, paths: readonly string[]): Promise<void> {
  const before = await statesOf(from, paths);
  const folders = new Set([to]);
  for (const path of paths) {
    const target = join(to, path);
    folders.add(dirname(target));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await copyFile(join(from, path), target);
    await toDisk(target, 0o600);
  }
  for (const folder of folders) await toDisk(folder);
  const after = await statesOf(from, paths);
  const torn = paths.filter((_, at) => before[at] !== after[at]);
  if (torn.length === 0) return;
  const next = 'Stop whatever writes there (the broker), and begin again in a new folder.';
  throw new CommandError('refused', `written to while it was copied: ${torn[0]}`, next);
}

const statesOf = (folder: string, paths: readonly string[]): Promise<string[]> =>
  Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs, ino } = await stat(join(folder, path));
      return `${size} ${mtimeMs} ${ino}`;
    }),
  );

/** Until this has been done a power cut can take what was written. */
export async function toDisk(path: string, mode?: number): Promise<void> {
  const file = await open(path, 'r');
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}
