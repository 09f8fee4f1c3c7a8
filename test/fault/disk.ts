/** A small disk that can be filled: a tmpfs, where this process may mount one. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const run = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Set in the process that has mounts of its own, which go when it ends, however it ends. */
const APART = 'KETENPOST_FAULT_APART';
export const hasOwnMounts = (): boolean => process.env[APART] === '1';

/**
 * How to start this program again with mounts of its own: as root, or in a namespace where an
 * ordinary user is one.
 * @returns the command before it, or nothing where neither is possible
 */
export function waysApart(): { command: string[]; env: Record<string, string> } | undefined {
  const ways = [
    ['unshare', '--mount'],
    ['unshare', '--mount', '--map-root-user'],
  ];
  const command = ways.find(([first = '', ...rest]) => run(first, ...rest, 'true'));
  return command && { command, env: { [APART]: '1' } };
}

export const NEEDS =
  'root, or a user namespace (unshare --mount --map-root-user), to mount a tmpfs';

export interface Disk {
  /** Leaves so much free and no more. */
  fill(spareBytes?: number): void;
  makeRoom(): void;
}

const CHUNK = 16 * 1024;

/** @throws Error when it cannot be mounted */
export function mountDisk(folder: string, megabytes: number): Disk {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder))
    throw new Error(`cannot mount a tmpfs on ${folder}`);
  const filler = join(folder, 'filler');
  return {
    fill(spareBytes = 0) {
      const file = openSync(filler, 'a');
      const free = () => statfsSync(folder).bavail * statfsSync(folder).bsize;
      try {
        while (free() > spareBytes) writeSync(file, Buffer.alloc(CHUNK));
      } catch {
        // Full.
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(filler, { force: true }),
  };
}

export const unmount = (folder: string): boolean => run('umount', '-l', folder);
