/** Files that appear whole or not at all, and stay when the power goes. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder } from '../store/keyfile.ts';

/** Whoever reads the folder must leave such files alone; so does the adapter. */
export const isUnfinished = (name: string): boolean =>
  name.endsWith('.tmp') || name.startsWith('.');

/** Writes beside, syncs, and renames into place. Only the owner may read it. */
export function writeWhole(path: string, text: string): void {
  const beside = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    writeSynced(beside, text);
    renameSync(beside, path);
  } catch (cause) {
    // Half a file (a full disk) helps nobody.
    rmSync(beside, { force: true });
    throw cause;
  }
  syncFolder(dirname(path));
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
