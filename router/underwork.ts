/**
 * What this process works on now, in a small file that outlives it: so that a message on which
 * pipelines die is found out. Written without fsync: it is there for the death of a process, not for
 * that of a machine. After a death each message that was under work counts one; the bus keeps the
 * counts, and all pipelines see them.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Bucket, Bus } from './bus/bus.ts';
import { changeRecord } from './change-record.ts';
import type { Log } from './log.ts';

export interface UnderWork {
  /** From here on the message is under work, until the returned function is called. */
  begin(key: string): () => void;
  /** How often a process ended while it worked on this message. */
  deaths(key: string): number;
  /** It went through after all. */
  forget(key: string): Promise<void>;
  stop(): void;
}

/** Without a folder nothing is noted, and nothing known. */
export const NO_UNDERWORK: UnderWork = {
  begin: () => () => undefined,
  deaths: () => 0,
  forget: async () => undefined,
  stop: () => undefined,
};

/** Bytes for one message: an OIN, a dot, a UUID, spaces, a line end. */
const SLOT = 64;
const FILE = /^onderhanden-(\d+)$/;
const PREFIX = 'gevallen.';

/** Reads what processes that are gone left behind, counts it, and begins a file of its own. */
export async function openUnderWork(options: {
  /** Absent: nothing is noted. */
  readonly folder: string | undefined;
  readonly bus: Bus;
  readonly log: Log;
}): Promise<UnderWork> {
  const { folder, bus, log } = options;
  if (folder === undefined) return NO_UNDERWORK;
  const bucket = await bus.bucket('lease');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = new Map<string, number>();
  const stopWatching = await bucket.watch((key, value) => {
    if (!key.startsWith(PREFIX)) return;
    if (value === null) known.delete(key.slice(PREFIX.length));
    else known.set(key.slice(PREFIX.length), readCount(value));
  });
  for (const [key, deaths] of takeLeftBehind(folder)) {
    const count = await addTo(bucket, `${PREFIX}${key}`, deaths);
    known.set(key, count);
    log.error({ message: key, deaths: count }, 'a pipeline ended while it worked on a message');
  }
  const notes = openNotes(folder);
  return {
    begin: notes.begin,
    deaths: (key) => known.get(key) ?? 0,
    async forget(key) {
      if (known.delete(key)) await bucket.remove(`${PREFIX}${key}`);
    },
    stop() {
      stopWatching();
      notes.close();
    },
  };
}

/** In one step: others may have fallen over the same message, and count at the same time. */
async function addTo(bucket: Bucket, key: string, deaths: number): Promise<number> {
  let count = deaths;
  await changeRecord(bucket, key, (value) => {
    count = (value === undefined ? 0 : readCount(value)) + deaths;
    return Buffer.from(`${count}`);
  });
  return count;
}

const readCount = (value: Uint8Array): number => Number(Buffer.from(value).toString());

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
