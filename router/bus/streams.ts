/**
 * The streams of the broker in one table: what each holds, for how long, and what may be done to
 * it. All are kept on disk, refuse rather than drop when full, and cannot be purged by anybody.
 */

import type { BrokerApi } from './api.ts';
import { BusFault } from './bus.ts';
import { CODE } from './faults.ts';

export interface StreamSettings {
  readonly subjects: readonly string[];
  readonly holds: string;
  /** Days until a message goes by itself; null = it stays. */
  readonly days: number | null;
  /** Only the last message on each subject is kept; null = all. */
  readonly perSubject: number | null;
  /** A single message may be removed, and its bytes overwritten. */
  readonly erasable: boolean;
}

const stream = (
  subjects: string,
  holds: string,
  limits: { days?: number; perSubject?: number; erasable?: boolean } = {},
): StreamSettings => ({
  subjects: [subjects],
  holds,
  days: limits.days ?? null,
  perSubject: limits.perSubject ?? null,
  erasable: limits.erasable ?? false,
});

/** Traffic data live six months at most (Regeling CORV art. 4(2)); the shortest six months have so many days. */
export const SIX_MONTHS = 181;
/**
 * What the broker is told. It forgets an entry at that age, but gives its bytes back to the disk only
 * when the last entry in the same file (8 MB) goes: for that the rest of the six months is left.
 */
export const TRAFFIC_DAYS = 170;

export const STREAMS = {
  // No age limit: a copy goes at the receipt of its recipient or at the end of its message.
  MAILBOX: stream('mailbox.v1.>', 'sealed copies and receipts on their way', { erasable: true }),
  RECEIPT: stream('receipt.v1.>', 'every receipt that counted', { days: TRAFFIC_DAYS }),
  // As long as anything may be stated about a message: its clocks run for months after its end.
  ID: stream('id.v1.>', 'digest, verdict and recipients of each message', {
    days: TRAFFIC_DAYS,
    perSubject: 1,
  }),
  LEDGER: stream('ledger.v1.*', 'what was decided and done', { days: TRAFFIC_DAYS }),
  CHAIN: stream('chain.v1.*', 'hashes of the ledger and signed checkpoints'),
  DEADLETTER: stream('deadletter.v1.>', 'submissions that broke the pipeline, still sealed', {
    // The pipeline erases them sooner (retention/limits.ts); this is for when none runs.
    days: 7,
    erasable: true,
  }),
  KV_registry: stream('$KV.registry.>', 'what the registrar signed', { perSubject: 1 }),
  KV_lease: stream('$KV.lease.>', 'who does what only one may do', {
    perSubject: 1,
    erasable: true,
  }),
  KV_deadlines: stream('$KV.deadlines.>', 'what must have happened by when', {
    perSubject: 1,
    erasable: true,
  }),
  KV_raadplegingen: stream('$KV.raadplegingen.>', 'who was asked what, by when, and who answered', {
    days: TRAFFIC_DAYS,
    perSubject: 1,
    erasable: true,
  }),
  KV_abonnementen: stream('$KV.abonnementen.>', 'who wants to be told of which case events', {
    perSubject: 1,
    erasable: true,
  }),
  // What may only go up, and must outlive every other record.
  KV_pins: stream('$KV.pins.>', 'the highest version of the register that was in use', {
    perSubject: 1,
  }),
} as const satisfies Record<string, StreamSettings>;

export type StreamName = keyof typeof STREAMS;

const DAY = 24 * 60 * 60 * 1e9;
/** One message is at most the largest submission (1 MB), sealed once more, with room to spare. */
const LARGEST = 3 * 1024 * 1024;

/** The settings as the broker's API names them. */
export function streamConfig(name: StreamName, replicas: number): Record<string, unknown> {
  const { subjects, days, perSubject, erasable } = STREAMS[name];
  return {
    name,
    subjects,
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    num_replicas: replicas,
    max_age: days === null ? 0 : days * DAY,
    max_msgs_per_subject: perSubject ?? -1,
    max_msg_size: LARGEST,
    max_msgs: -1,
    max_bytes: -1,
    max_consumers: -1,
    deny_delete: !erasable,
    deny_purge: true,
    // Only the leader answers: no reader ever sees less than what was acknowledged.
    allow_direct: false,
    allow_rollup_hdrs: false,
  };
}

export interface Difference {
  readonly stream: StreamName;
  /** What is otherwise, by the broker's name of the setting; `missing` when there is no such stream. */
  readonly setting: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/** What is not as the table says; the number of replicas only when it is given. Changes nothing. */
export async function compareStreams(api: BrokerApi, replicas?: number): Promise<Difference[]> {
  const names = Object.keys(STREAMS) as StreamName[];
  const compare = async (name: StreamName) =>
    compareStream(name, await streamInfo(api, name), replicas);
  return (await Promise.all(names.map(compare))).flat();
}

/** @param found the settings as the broker tells them; null when there is no such stream */
export function compareStream(
  name: StreamName,
  found: Record<string, unknown> | null,
  replicas?: number,
): Difference[] {
  const { num_replicas, ...others } = streamConfig(name, replicas ?? 1);
  const wanted = replicas === undefined ? others : { num_replicas, ...others };
  if (found === null) return [{ stream: name, setting: 'missing', wanted: true, found: null }];
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(found[key] ?? false) !== JSON.stringify(value))
    .map(([setting, value]) => ({ stream: name, setting, wanted: value, found: found[setting] }));
}

async function streamInfo(
  api: BrokerApi,
  name: StreamName,
): Promise<Record<string, unknown> | null> {
  try {
    const info = await api<{ config: Record<string, unknown> }>(`STREAM.INFO.${name}`);
    return info.config;
  } catch (fault) {
    if (fault instanceof BusFault && fault.code === CODE.noStream) return null;
    throw fault;
  }
}

/**
 * Makes the streams that are missing. One that exists with other settings is left as it is and
 * reported, because a change of limits can delete what is stored: `update` makes it so on purpose.
 */
export async function ensureStreams(
  api: BrokerApi,
  options: { replicas: number; update?: boolean },
): Promise<{
  made: StreamName[];
  updated: StreamName[];
  changes: Difference[];
  differences: Difference[];
}> {
  const before = await compareStreams(api, options.replicas);
  const names = (missing: boolean) => [
    ...new Set(before.filter((d) => (d.setting === 'missing') === missing).map((d) => d.stream)),
  ];
  const [made, changed] = [names(true), names(false)];
  for (const name of made) {
    await api(`STREAM.CREATE.${name}`, streamConfig(name, options.replicas));
  }
  const updated = options.update === true ? changed : [];
  for (const name of updated) {
    await api(`STREAM.UPDATE.${name}`, streamConfig(name, options.replicas));
  }
  const changes = before.filter(({ stream }) => updated.includes(stream));
  return { made, updated, changes, differences: await compareStreams(api, options.replicas) };
}

/** One line for each stream that is not as it should be, for people. */
export const describe = (difference: Difference): string =>
  difference.setting === 'missing'
    ? `stream ${difference.stream} does not exist`
    : `stream ${difference.stream}: ${difference.setting} is ${JSON.stringify(difference.found)}, should be ${JSON.stringify(difference.wanted)}`;

/** One line for each setting that was changed, for people. */
export const describeChange = ({ stream, setting, found, wanted }: Difference): string =>
  `updated ${stream}: ${setting} from ${JSON.stringify(found)} to ${JSON.stringify(wanted)}`;

/** A stream that is not there, is not on disk, or drops what is old to make room for what is new. */
export const isGrave = ({ setting }: Difference): boolean =>
  ['missing', 'storage', 'discard', 'retention'].includes(setting);

/** Fewer servers keep it than should. */
export const isThin = ({ setting, wanted, found }: Difference): boolean =>
  setting === 'num_replicas' && Number(found) < Number(wanted);
