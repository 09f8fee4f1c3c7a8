/** One stream as a Log (bus.ts): put by ordinary publish, look up through the leader of the stream. */
import { type Msg, type MsgHdrs, MsgHdrsImpl } from 'nats';
import { type BrokerApi, readReply } from './api.ts';
import { BusFault, type Conflict, type Log, type PutOptions, type Stored } from './bus.ts';
import { CODE } from './faults.ts';
import { makeHeaders, readHeaders } from './headers.ts';
import type { Line } from './line.ts';
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
    erase: (seq) => erase(api, stream, seq),
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

function readAck(reply: Msg): { seq: number } | Conflict {
  try {
    const { seq } = readReply<{ seq: number }>('put', reply.string());
    return { seq };
  } catch (fault) {
    if (!(fault instanceof BusFault)) throw fault;
    const wrong = [CODE.wrongLastSequence, CODE.wrongLastSequenceUnknown] as (number | undefined)[];
    if (wrong.includes(fault.code)) return CONFLICT;
    throw fault;
  }
}

interface StoredMessage {
  readonly message: {
    readonly subject: string;
    readonly seq: number;
    readonly hdrs?: string;
    readonly data?: string;
    readonly time: string;
  };
}

/**
 * Asks the leader of the stream and not the nearest replica (direct get): an id record or a
 * receipt must be seen by whoever looks after it was acknowledged, on three servers as on one.
 */
async function getMessage(
  api: BrokerApi,
  stream: StreamName,
  which: Record<string, unknown>,
): Promise<Stored | null> {
  try {
    const { message } = await api<StoredMessage>(`STREAM.MSG.GET.${stream}`, which);
    const raw = message.hdrs;
    return {
      seq: message.seq,
      subject: message.subject,
      data: Buffer.from(message.data ?? '', 'base64'),
      headers: raw === undefined ? {} : readHeaders(MsgHdrsImpl.decode(Buffer.from(raw, 'base64'))),
      at: Date.parse(message.time),
    };
  } catch (fault) {
    if (fault instanceof BusFault && fault.code === CODE.noMessage) return null;
    throw fault;
  }
}

/** Secure erase: the broker overwrites the bytes in its file before it forgets the message. */
async function erase(api: BrokerApi, stream: StreamName, seq: number): Promise<boolean> {
  try {
    const { success } = await api<{ success: boolean }>(`STREAM.MSG.DELETE.${stream}`, {
      seq,
      no_erase: false,
    });
    return success;
  } catch (fault) {
    if (fault instanceof BusFault && GONE.includes(fault.code)) return false;
    throw fault;
  }
}
const GONE: readonly (number | undefined)[] = [CODE.noMessage, CODE.noSequence, CODE.notDeleted];

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

async function count(api: BrokerApi, stream: StreamName, filter: string): Promise<number> {
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
