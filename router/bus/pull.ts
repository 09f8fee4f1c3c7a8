/** One pull from a consumer: what it can give now, and no waiting for more. */
import { createInbox, type Msg } from 'nats';
import { BusFault, type Stored } from './bus.ts';
import { CODE, toFault } from './faults.ts';
import { readHeaders } from './headers.ts';
import type { Line } from './line.ts';
import type { StreamName } from './streams.ts';

/** The broker answers at once, also that there is nothing; this bounds the wait when it does not. */
const LIMIT_MS = 2000;
/** Statuses with which the broker ends a pull: nothing there, nothing more, or too much unanswered. */
const ENDINGS = [404, 408, 409];

/** What one pull may bring. Whoever sets `maxBytes` must leave room for the largest message. */
export interface Most {
  readonly batch: number;
  readonly maxBytes?: number;
}

export interface Pulled {
  readonly taken: Stored[];
  /** Whether the broker itself ended the pull, having given what there was. */
  readonly inTime: boolean;
}

/**
 * Takes up to `batch` messages. The inbox is made for this pull alone and closed with it: what the
 * broker would still send afterwards finds no interest, and so is not given away unseen.
 */
export async function pull(
  line: Line,
  stream: StreamName,
  consumer: string,
  most: Most,
): Promise<Pulled> {
  try {
    await line.link.up(performance.now() + LIMIT_MS);
  } catch (cause) {
    throw toFault('pull', cause);
  }
  return pullNow(line, stream, consumer, most);
}

function pullNow(
  { nc, inboxPrefix, link }: Line,
  stream: StreamName,
  consumer: string,
  { batch, maxBytes }: Most,
): Promise<Pulled> {
  return new Promise((resolve, reject) => {
    const taken: Stored[] = [];
    const inbox = createInbox(inboxPrefix);
    const finish = (inTime: boolean, fault?: BusFault) => {
      clearTimeout(limit);
      forget();
      sub.unsubscribe();
      if (fault === undefined) resolve({ taken, inTime });
      else reject(fault);
    };
    const sub = nc.subscribe(inbox, {
      callback: (error, msg) => {
        if (error !== null) return finish(false, toFault('pull', error));
        const status = statusOf(msg);
        if (status === CODE.unserved) return finish(false, nobody(consumer));
        if (ENDINGS.includes(status)) return finish(!isCutOff(msg));
        if (status !== 0) return;
        taken.push(readDelivered(msg));
        if (taken.length >= batch) finish(true);
      },
    });
    const limit = setTimeout(() => finish(false), LIMIT_MS);
    const forget = link.onDown(() => finish(false));
    nc.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
      JSON.stringify({ batch, max_bytes: maxBytes, no_wait: true }),
      { reply: inbox },
    );
  });
}

/** The consumer is gone or has another leader: what was still to come does not come. */
const isCutOff = ({ headers }: Msg): boolean =>
  headers?.code === 409 && /deleted|leadership|shutdown/i.test(headers.description);

const nobody = (consumer: string): BusFault =>
  new BusFault(`the broker has no consumer ${consumer}`, { code: CODE.unserved });

/** How the broker says how much there is when it was asked for headers only. */
const SIZE = 'Nats-Msg-Size';

const statusOf = (msg: Msg): number => (msg.data.length === 0 ? (msg.headers?.code ?? 0) : 0);

/** The reply subject of a delivery says where in the stream it stands: $JS.ACK.<stream>.<consumer>.<tries>.<seq>.<n>.<ns>.<pending>, or with domain and account after ACK. */
function readDelivered(msg: Msg): Stored {
  const tokens = (msg.reply ?? '').split('.');
  const at = tokens.length > 9 ? 2 : 0;
  const [seq, nanoseconds] = [tokens[5 + at], tokens[7 + at]];
  if (seq === undefined || nanoseconds === undefined) {
    throw new BusFault('a delivery without a place in its stream');
  }
  return {
    seq: Number(seq),
    subject: msg.subject,
    data: msg.data,
    size: Number(msg.headers?.get(SIZE) || msg.data.length),
    headers: readHeaders(msg.headers),
    at: Math.floor(Number(nanoseconds) / 1e6),
  };
}
