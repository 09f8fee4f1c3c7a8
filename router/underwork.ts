/**
 * What this process works on now, in a small file that outlives it: so that a message on which
 * pipelines die is found out. Written without fsync: it is there for the death of a process, not for
 * that of a machine. After a death each message that was under work counts one; the bus keeps the
 * counts, and all pipelines see them.
 */
import { mkdirSync } from 'node:fs';
import type { Bucket, Bus } from './bus/bus.ts';
import { changeRecord } from './change-record.ts';
import type { Log } from './log.ts';
import { openNotes, takeLeftBehind } from './underwork/notes.ts';

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
