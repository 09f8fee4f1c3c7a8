/** Files that appear whole or not at all, and stay when the power goes. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder } from '../store/keyfile.ts';

/** Whoever reads the folder must leave such files alone; so does the adapter. */
export const isUnfinished = (name: string): boolean =>
  name.endsWith('.tmp') || name.startsWith('.');

/** Writes beside, syncs, and renames into place. Only the owner may read it. */
export function writeWhole(path: string, text: string): void {
  const beside = join(dirname(path), `.${randomUUID()}.tmp`);
  const file = openSync(beside, 'wx', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(beside, path);
  syncFolder(dirname(path));
}
