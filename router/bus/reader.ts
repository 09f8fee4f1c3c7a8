/**
 * Reads what a stream holds from some point on, in batches, through a consumer that lives in the
 * broker's memory and goes by itself when it is no longer used.
 */
import { randomBytes } from 'node:crypto';
import type { BrokerApi, Line } from './api.ts';
import { BusFault, type Stored } from './bus.ts';
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

/** All messages that were stored when it began and still are, in order of sequence. */
export async function* readStream(
  line: Line,
  stream: StreamName,
  options: ReadOptions,
): AsyncGenerator<Stored> {
  const { consumer, pending } = await makeReader(line.api, stream, options);
  for (let left = pending; left > 0; ) {
    const { taken, inTime } = await pull(line, stream, consumer, Math.min(left, BATCH));
    if (!inTime) throw new BusFault(`the broker stopped in the middle of ${stream}`);
    yield* taken;
    if (taken.length === 0) return;
    left -= taken.length;
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
