/** One stream as a Log (bus.ts): put by ordinary publish, look up through the leader of the stream. */
import type { Msg, MsgHdrs } from 'nats';
import { type BrokerApi, readReply } from './api.ts';
import type { Conflict, Log, PutOptions } from './bus.ts';
import { CODE } from './faults.ts';
import { makeHeaders } from './headers.ts';
import type { Line } from './line.ts';
import { getMessage } from './lookup.ts';
import { readStream } from './reader.ts';
import type { StreamName } from './streams.ts';

const EXPECT_SUBJECT = 'Nats-Expected-Last-Subject-Sequence';
const EXPECT_STREAM = 'Nats-Expected-Last-Sequence';
const CONFLICT: Conflict = { conflict: true };

export function openLog(line: Line, stream: StreamName): Log {
  const { api } = line;
  return {
    put: (subject, data, options = {}) => put(line, subject, data, options),
    last: (subject) => getMessage(api, stream, { last_by_subj: subject }),
    get: (seq) => getMessage(api, stream, { seq }),
    next: (from, filter = '>') =>
      getMessage(api, stream, { seq: Math.max(from, 1), next_by_subj: filter }),
    list: (filter, from = 1, options) => readStream(line, stream, { filter, from, ...options }),
    erase: (seq) => remove(api, stream, seq, { overwrite: true }),
    remove: (seq) => remove(api, stream, seq, { overwrite: false }),
    state: () => state(api, stream),
    count: (filter) => count(api, stream, filter),
  };
}

function putHeaders(options: PutOptions): MsgHdrs | undefined {
  const { expect, expectStream } = options;
  const values = {
    ...options.headers,
    ...(expect === undefined ? {} : { [EXPECT_SUBJECT]: String(expect) }),
    ...(expectStream === undefined ? {} : { [EXPECT_STREAM]: String(expectStream) }),
  };
  return Object.keys(values).length === 0 ? undefined : makeHeaders(values);
}

/**
 * Publishes once, and again only where that cannot store a second time: when nobody took the
 * first (no leader yet), or when the subject had to be empty. After a lost answer the second try
 * meets our own first one as a Conflict, and the caller compares digests, as with any Conflict.
 */
async function put(
  { request }: Line,
  subject: string,
  data: Uint8Array,
  options: PutOptions,
): Promise<{ seq: number } | Conflict> {
  const headers = putHeaders(options);
  const safe = options.expect === 0;
  return readAck(await request('put', subject, data, { safe, ...(headers && { headers }) }));
}

/** Only a verdict is a Conflict: one that is still being agreed upon may yet come to nothing. */
function readAck(reply: Msg): { seq: number } | Conflict {
  const ack = readReply<{ seq: number }>('put', reply.string(), [CODE.wrongLastSequence]);
  return ack === null ? CONFLICT : { seq: ack.seq };
}

/** With `overwrite` the broker overwrites the bytes in its file before it forgets the message. */
async function remove(
  api: BrokerApi,
  stream: StreamName,
  seq: number,
  { overwrite }: { overwrite: boolean },
): Promise<boolean> {
  const which = { seq, no_erase: !overwrite };
  const done = await api<{ success: boolean }>(`STREAM.MSG.DELETE.${stream}`, which, GONE);
  return done?.success ?? false;
}

const GONE = [CODE.noMessage, CODE.noSequence, CODE.notDeleted];

interface StreamState {
  readonly state: {
    readonly first_seq: number;
    readonly last_seq: number;
    readonly messages: number;
    readonly bytes: number;
    readonly subjects?: Readonly<Record<string, number>>;
  };
  readonly total?: number;
}

async function state(api: BrokerApi, stream: StreamName) {
  const { state } = await api<StreamState>(`STREAM.INFO.${stream}`);
  return {
    first: state.first_seq,
    last: state.last_seq,
    count: state.messages,
    bytes: state.bytes,
  };
}

export async function count(api: BrokerApi, stream: StreamName, filter: string): Promise<number> {
  let [seen, sum] = [0, 0];
  for (;;) {
    const info = await api<StreamState>(`STREAM.INFO.${stream}`, {
      subjects_filter: filter,
      offset: seen,
    });
    const page = Object.values(info.state.subjects ?? {});
    seen += page.length;
    sum += page.reduce((total, one) => total + one, 0);
    if (page.length === 0 || seen >= (info.total ?? 0)) return sum;
  }
}
