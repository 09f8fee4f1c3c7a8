/** A bucket (bus.ts) in the layout of NATS key-value buckets, so that its own tools can read it. */
import { Kvm } from '@nats-io/kv';
import { deferred } from 'nats';
import { type Bucket, type BucketName, type Conflict, isConflict, type Log } from './bus.ts';
import { toFault } from './faults.ts';
import { type Line, pause } from './line.ts';
import { openLog } from './log.ts';
import { getMessage } from './lookup.ts';
import { readStream } from './reader.ts';
import { STREAMS, type StreamName } from './streams.ts';

const OPERATION = 'KV-Operation';
const REMOVED = { [OPERATION]: 'DEL' };

export function openBucket(line: Line, name: BucketName): Bucket {
  const stream: StreamName = `KV_${name}`;
  const log = openLog(line, stream);
  const subject = (key: string) => `$KV.${name}.${key}`;
  return {
    get: (key) => get(log, subject(key)),
    keys: () => keys(line, stream, subject('')),
    swap: (key, value, revision) => swap(log, subject(key), value, revision),
    put: async (key, value) => stored(await log.put(subject(key), value)),
    remove: (key) => remove(log, subject(key), STREAMS[stream].erasable),
    watch: (onChange) => watch(line, name, onChange),
  };
}

const isRemoved = (headers: Readonly<Record<string, string>>): boolean => OPERATION in headers;

async function get(log: Log, subject: string) {
  const found = await log.last(subject);
  if (found === null || isRemoved(found.headers)) return null;
  return { value: found.data, revision: found.seq };
}

async function keys(line: Line, stream: StreamName, prefix: string): Promise<string[]> {
  const found = new Set<string>();
  for await (const one of readStream(line, stream, { filter: `${prefix}>`, headersOnly: true })) {
    const key = one.subject.slice(prefix.length);
    if (isRemoved(one.headers)) found.delete(key);
    else found.add(key);
  }
  return [...found];
}

const stored = (result: { seq: number } | Conflict): number => {
  if (isConflict(result)) throw toFault('put', undefined);
  return result.seq;
};

async function swap(log: Log, subject: string, value: Uint8Array, revision: number) {
  const result = await log.put(subject, value, { expect: revision });
  if (!isConflict(result)) return result.seq;
  if (revision !== 0) return result;
  // Absent may also mean: removed, with the sign of that still there.
  const found = await log.last(subject);
  if (found === null || !isRemoved(found.headers)) return result;
  const again = await log.put(subject, value, { expect: found.seq });
  return isConflict(again) ? again : again.seq;
}

/** Leaves a sign for those who watch, then takes the sign away, so that removed keys leave nothing behind. */
async function remove(log: Log, subject: string, erasable: boolean): Promise<void> {
  const seq = stored(await log.put(subject, new Uint8Array(), { headers: REMOVED }));
  if (erasable) await log.remove(seq);
}

/** How long to wait before a watch that broke off is begun anew. */
const AGAIN_MS = 1000;

/**
 * The client keeps a watch alive over lost connections. Should it end all the same, it is begun
 * anew: a register that no longer hears of changes would go on letting in what was suspended.
 */
async function watch(line: Line, name: BucketName, onChange: OnChange): Promise<() => void> {
  let stop = await watchOnce(line, name, onChange, again);
  let stopped = false;
  async function again(): Promise<void> {
    while (!stopped && !line.nc.isClosed()) {
      await pause(AGAIN_MS);
      const next = await watchOnce(line, name, onChange, again).catch(() => undefined);
      if (next === undefined) continue;
      stop = next;
      if (stopped) stop();
      return;
    }
  }
  return () => {
    stopped = true;
    stop();
  };
}

/** How often a watch that has not told all is held against what the broker has. */
const PRESENT_MS = 200;

type OnChange = Parameters<Bucket['watch']>[0];

/** @param onEnd called when it ended without being stopped */
async function watchOnce(
  { nc, api }: Line,
  name: BucketName,
  onChange: OnChange,
  onEnd: () => void,
): Promise<() => void> {
  const bucket = await new Kvm(nc).open(name, { allow_direct: false });
  const entries = await bucket.watch();
  // How many are still to come the broker does not know for sure while keys are removed: it may tell
  // zero too early. What is the newest now it does know.
  const every = `$KV.${name}.>`;
  const until = (await getMessage(api, `KV_${name}`, { last_by_subj: every }))?.seq ?? 0;
  const present = deferred<void>();
  if (until === 0) present.resolve();
  let [stopped, ended, last] = [false, false, 0];
  void (async () => {
    for await (const entry of entries) {
      onChange(entry.key, entry.operation === 'PUT' ? entry.value : null);
      last = entry.revision;
      if (last >= until) present.resolve();
    }
    ended = true;
    present.resolve();
    if (!stopped) onEnd();
  })();
  // The newest may be removed before it comes: then the one before it is the last.
  const rest = () => getMessage(api, `KV_${name}`, { seq: last + 1, next_by_subj: every });
  while (!(await Promise.race([present.then(() => true), pause(PRESENT_MS)]))) {
    if (ended || (await rest().catch(() => undefined)) === null) present.resolve();
  }
  return () => {
    stopped = true;
    entries.stop();
  };
}
