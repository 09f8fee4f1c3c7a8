/** The files of notes: one for each process, with a line for each message that it works on. */
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Bytes for one message: an OIN, a dot, a UUID, spaces, a line end. */
const SLOT = 64;
const FILE = /^onderhanden-(\d+)$/;

/**
 * The messages in files of processes that are gone, or had the number that is ours now, and of each how
 * many. The files go.
 */
export function takeLeftBehind(folder: string): ReadonlyMap<string, number> {
  const deaths = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const pid = Number(FILE.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) continue;
    for (const key of takeNotes(join(folder, name))) deaths.set(key, (deaths.get(key) ?? 0) + 1);
  }
  return deaths;
}

/** Several may begin at once: whoever removes the file counts it, so that one death is not taken for two. */
function takeNotes(file: string): ReadonlySet<string> {
  try {
    const lines = readFileSync(file, 'latin1').split('\n');
    unlinkSync(file);
    return new Set(lines.map((line) => line.trim()).filter((key) => key !== ''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Set();
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The file of this process: one line for each message under work. */
export function openNotes(folder: string) {
  const file = join(folder, `onderhanden-${process.pid}`);
  const fd = openSync(file, 'w', 0o600);
  const free: number[] = [];
  let [slots, open] = [0, true];
  const write = (slot: number, text: string) => {
    if (open) writeSync(fd, `${text.padEnd(SLOT - 1)}\n`, slot * SLOT, 'latin1');
  };
  return {
    begin(key: string) {
      const slot = free.pop() ?? slots++;
      write(slot, key);
      let done = false;
      return () => {
        if (done) return;
        done = true;
        write(slot, '');
        free.push(slot);
      };
    },
    close() {
      open = false;
      closeSync(fd);
      rmSync(file, { force: true });
    },
  };
}
