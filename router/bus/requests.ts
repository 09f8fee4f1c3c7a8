/** What is said over the bus and not stored: questions with answers, and signs. */
import { type Msg, NoRespondersError, type Subscription, TimeoutError } from 'nats';
import { type Ask, Unanswered } from './bus.ts';
import { isNobodyThere, toFault } from './faults.ts';
import { makeHeaders, readHeaders } from './headers.ts';
import type { Line } from './line.ts';
import { Lost } from './link.ts';
import type { Outgoing } from './outgoing.ts';

/** Says that the one who was asked could not answer, so that the asker need not wait out its time. */
const FAULT = 'Ketenpost-Fault';

/**
 * Where an answer may go: to an inbox of a role, and nowhere else. An asker chooses the subject of
 * the answer itself; without this rule a thief of the door's credentials could have the pipeline
 * write, with the pipeline's rights, into a mailbox or the ledger.
 */
const INBOX = /^_INBOX_(door|pipeline|admin)(\.[A-Za-z0-9]+){1,3}$/;

/** Waits for a connection, then for the answer, together no longer than the time limit. */
export async function ask(
  { link, askOnce }: Line,
  subject: string,
  data: Uint8Array,
  options: { timeoutMs: number; headers?: Readonly<Record<string, string>> },
): Promise<Uint8Array> {
  const found = options.headers === undefined ? {} : { headers: makeHeaders(options.headers) };
  try {
    const until = performance.now() + options.timeoutMs;
    await link.up(until);
    const timeoutMs = Math.max(until - performance.now(), 1);
    const reply = await askOnce(subject, data, { timeoutMs, ...found });
    if (reply.headers?.has(FAULT)) throw new Unanswered(`${subject}: the answerer failed`);
    return reply.data;
  } catch (cause) {
    if (cause instanceof TimeoutError) throw new Unanswered(`${subject}: no answer in time`);
    if (cause instanceof Lost) throw new Unanswered(`${subject}: the connection was lost`);
    if (isNobodyThere(cause)) throw new Unanswered(`${subject}: nobody serves it`);
    if (cause instanceof Unanswered) throw cause;
    throw toFault(`ask ${subject}`, cause);
  }
}

/** Resolves when the broker knows that we serve. */
export async function serve(
  { nc, out }: Line,
  subject: string,
  group: string,
  answer: (ask: Ask) => Promise<Uint8Array>,
): Promise<() => Promise<void>> {
  const underWay = new Set<Promise<void>>();
  const subscription = nc.subscribe(subject, {
    queue: group,
    callback: (error, msg) => {
      if (error !== null || !INBOX.test(msg.reply ?? '')) return;
      const one = answerOne(out, msg, answer).finally(() => underWay.delete(one));
      underWay.add(one);
    },
  });
  await nc.flush();
  return async () => {
    await drained(subscription);
    while (underWay.size > 0) await Promise.all(underWay);
  };
}

async function answerOne(
  out: Outgoing,
  msg: Msg,
  answer: (ask: Ask) => Promise<Uint8Array>,
): Promise<void> {
  const respond = (data?: Uint8Array, options = {}) =>
    out.send(msg.reply ?? '', data, options, () => undefined);
  try {
    const { subject, data, headers } = msg;
    respond(await answer({ subject, data, headers: readHeaders(headers) }));
  } catch {
    // What went wrong is for whoever made the answer to log; the asker learns only that it did.
    respond(undefined, { headers: makeHeaders({ [FAULT]: '1' }) });
  }
}

/** No new requests after this; those that the broker had sent already are still taken. */
async function drained(subscription: Subscription): Promise<void> {
  if (subscription.isClosed()) return;
  await subscription.drain().catch((cause) => {
    if (cause instanceof NoRespondersError) throw cause;
  });
}

export function listen(
  { nc }: Line,
  subject: string,
  onSign: (subject: string, data: Uint8Array) => void,
): () => void {
  const subscription = nc.subscribe(subject, {
    callback: (error, msg) => {
      if (error === null) onSign(msg.subject, msg.data);
    },
  });
  return () => subscription.unsubscribe();
}
