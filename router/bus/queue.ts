/**
 * A queue over part of a stream (bus.ts), by a durable consumer of the broker. Nothing is ever
 * acknowledged: a message leaves the queue by being erased, and comes back when its lease is over.
 */

import { BusFault, type Queue, type Stored } from './bus.ts';
import { CODE, toFault } from './faults.ts';
import type { Line } from './line.ts';
import { pull } from './pull.ts';
import type { StreamName } from './streams.ts';

/** What may be on loan at once from one queue. Erased messages do not count. */
const MOST_ON_LOAN = 2000;

export async function openQueue(
  line: Line,
  stream: StreamName,
  name: string,
  filter: string,
  leaseMs: number,
): Promise<Queue> {
  const make = () => makeConsumer(line, stream, name, filter, leaseMs);
  await make();
  return {
    async take(max: number, maxBytes?: number): Promise<Stored[]> {
      const most = { batch: max, ...(maxBytes !== undefined && { maxBytes }) };
      try {
        return (await pull(line, stream, name, most)).taken;
      } catch (cause) {
        // A broker that was restored from before this queue was made has forgotten it.
        if (!(cause instanceof BusFault) || cause.code !== CODE.unserved)
          throw toFault('take', cause);
        await make();
        return (await pull(line, stream, name, most)).taken;
      }
    },
  };
}

/** Makes the consumer, or finds that it is there with these settings. */
async function makeConsumer(
  { api }: Line,
  stream: StreamName,
  name: string,
  filter: string,
  leaseMs: number,
): Promise<void> {
  await api(`CONSUMER.CREATE.${stream}.${name}.${filter}`, {
    stream_name: stream,
    config: {
      name,
      durable_name: name,
      filter_subject: filter,
      deliver_policy: 'all',
      ack_policy: 'explicit',
      ack_wait: leaseMs * 1e6,
      max_deliver: -1,
      max_ack_pending: MOST_ON_LOAN,
      replay_policy: 'instant',
    },
  });
}
