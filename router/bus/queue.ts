/**
 * A queue over part of a stream (bus.ts), by a durable consumer of the broker. Nothing is ever
 * acknowledged: a message leaves the queue by being erased, and comes back when its lease is over.
 */

import { BusFault, type Queue, type Stored } from './bus.ts';
import { CODE, toFault } from './faults.ts';
import type { Line } from './line.ts';
import { count } from './log.ts';
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
  const mend = mender(make, line, { stream, name, filter, leaseMs });
  return {
    async take(max: number, maxBytes?: number): Promise<Stored[]> {
      const most = { batch: max, ...(maxBytes !== undefined && { maxBytes }) };
      try {
        const { taken } = await pull(line, stream, name, most);
        if (taken.length > 0 || !(await mend())) return taken;
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

interface Kept {
  readonly stream: StreamName;
  readonly name: string;
  readonly filter: string;
  readonly leaseMs: number;
}

/**
 * Seen on nats-server 2.9.10 with three servers: when another server takes the lead of a consumer,
 * it may have forgotten what is on loan, or that a loan ends, and what it passed then never comes back.
 * So a queue that gives nothing is held, once in two leases, against what is stored. When twice in a row
 * there is more than it knows of, or all that is there is on loan and none of it was given again since
 * the last look, it is made anew, and begins again with all that is there.
 * @returns whether it was made anew
 */
function mender(make: () => Promise<Knows>, { api }: Line, kept: Kept): () => Promise<boolean> {
  const { stream, name, filter, leaseMs } = kept;
  let [due, lacked] = [performance.now() + 2 * leaseMs, false];
  let given: number | undefined;
  return async () => {
    if (performance.now() < due) return false;
    due = performance.now() + 2 * leaseMs;
    try {
      const { num_pending, num_ack_pending, delivered } = await make();
      const stored = await count(api, stream, filter);
      const lacks = stored > num_pending + num_ack_pending;
      const stuck = stored > 0 && num_pending === 0 && given === delivered.consumer_seq;
      const lost = stuck || (lacks && lacked);
      given = delivered.consumer_seq;
      lacked = lacks && !lost;
      if (!lost) return false;
      await api(`CONSUMER.DELETE.${stream}.${name}`, undefined, [CODE.noConsumer]);
      await make();
      return true;
    } catch {
      // To look is a courtesy: whoever takes is told what he asked for.
      return false;
    }
  };
}

/** What the consumer says of itself: still to be given out, and on loan. */
interface Knows {
  readonly num_pending: number;
  readonly num_ack_pending: number;
  /** How often it has given something out. */
  readonly delivered: { readonly consumer_seq: number };
}

/** Makes the consumer, or finds that it is there with these settings. */
async function makeConsumer(
  { api }: Line,
  stream: StreamName,
  name: string,
  filter: string,
  leaseMs: number,
): Promise<Knows> {
  return api<Knows>(`CONSUMER.CREATE.${stream}.${name}.${filter}`, {
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
