/**
 * Reads what a stream holds from some point on, in batches, through a consumer that lives in the
 * broker's memory and goes by itself when it is no longer used.
 */
import { randomBytes } from 'node:crypto';
import type { BrokerApi } from './api.ts';
import { BusFault, type Stored } from './bus.ts';
import { CODE } from './faults.ts';
import type { Line } from './line.ts';
import { getMessage } from './lookup.ts';
import { pull } from './pull.ts';
import type { StreamName } from './streams.ts';

const BATCH = 200;
const FORGET_NS = 10e9;

export interface ReadOptions {
  readonly filter: string;
  /** The sequence to start at; absent = only the last message on each subject. */
  readonly from?: number;
  readonly headersOnly?: boolean;
}

/** Restarts that follow one another without a message between them: then it is given up. */
const MOST_RESTARTS = 3;

/**
 * All messages that were stored when it began and still are, in order of sequence. A reader that
 * the broker forgot (it was restarted, or we were slow) is made again where we are.
 * @throws BusFault rather than end too soon
 */
export async function* readStream(
  line: Line,
  stream: StreamName,
  options: ReadOptions,
): AsyncGenerator<Stored> {
  const end = await lastOf(line, stream);
  let { consumer, pending } = await makeReader(line.api, stream, options);
  let [restarts, last] = [0, Math.max(options.from ?? 1, 1) - 1];
  while (pending > 0) {
    const pulled = await tryPull(line, stream, consumer, Math.min(pending, BATCH));
    if (pulled === undefined) {
      if (options.from === undefined || ++restarts > MOST_RESTARTS) throw stopped(stream);
      const from = Math.max(options.from, last + 1);
      ({ consumer, pending } = await makeReader(line.api, stream, { ...options, from }));
      continue;
    }
    // A server that lags begins at the end that it knows of, which may lie before what was asked for.
    const fresh = pulled.filter(after(last));
    yield* fresh;
    restarts = 0;
    last = fresh.at(-1)?.seq ?? last;
    pending = pulled.length === 0 ? 0 : pending - pulled.length;
  }
  yield* readRest(line, stream, options.filter, last, end);
}

const after =
  (last: number) =>
  ({ seq }: Stored): boolean =>
    seq > last;

/**
 * In a cluster the reader may have been made on a server that does not have the latest yet. What it
 * lacked is asked of the leader.
 * @param end the last sequence when the reading began
 */
async function* readRest(
  { api }: Line,
  stream: StreamName,
  filter: string,
  last: number,
  end: number,
): AsyncGenerator<Stored> {
  while (last < end) {
    const found = await getMessage(api, stream, { seq: last + 1, next_by_subj: filter });
    if (found === null || found.seq > end) return;
    yield found;
    last = found.seq;
  }
}

/** The last sequence by the leader's word; 0 where there is but one server, which lacks nothing. */
async function lastOf({ nc, api }: Line, stream: StreamName): Promise<number> {
  if (nc.info?.cluster === undefined) return 0;
  const { state } = await api<{ state: { last_seq: number } }>(`STREAM.INFO.${stream}`);
  return state.last_seq;
}

const stopped = (stream: StreamName): BusFault =>
  new BusFault(`the broker stopped in the middle of ${stream}`);

/** @returns nothing when the broker did not bring the pull to its end */
async function tryPull(line: Line, stream: StreamName, consumer: string, batch: number) {
  try {
    const { taken, inTime } = await pull(line, stream, consumer, { batch });
    return inTime ? taken : undefined;
  } catch (fault) {
    if (fault instanceof BusFault && fault.code === CODE.unserved) return undefined;
    throw fault;
  }
}

async function makeReader(
  api: BrokerApi,
  stream: StreamName,
  { filter, from, headersOnly }: ReadOptions,
): Promise<{ consumer: string; pending: number }> {
  const consumer = `read_${randomBytes(8).toString('hex')}`;
  const start =
    from === undefined
      ? { deliver_policy: 'last_per_subject' }
      : { deliver_policy: 'by_start_sequence', opt_start_seq: Math.max(from, 1) };
  const { num_pending } = await api<{ num_pending: number }>(
    `CONSUMER.CREATE.${stream}.${consumer}.${filter}`,
    {
      stream_name: stream,
      config: {
        name: consumer,
        ...start,
        filter_subject: filter,
        ack_policy: 'none',
        replay_policy: 'instant',
        headers_only: headersOnly ?? false,
        inactive_threshold: FORGET_NS,
        mem_storage: true,
        num_replicas: 1,
      },
    },
  );
  return { consumer, pending: num_pending };
}
