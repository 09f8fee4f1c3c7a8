/** The line to the broker: requests that are bounded in time and live through a lost connection. */
import { type NatsConnection, TimeoutError } from 'nats';
import { type AskOnce, openAnswers } from './answers.ts';
import { type BrokerApi, brokerApi, passingRefusal, type Request } from './api.ts';
import { BusFault } from './bus.ts';
import { isNobodyThere, toFault } from './faults.ts';
import { type Link, Lost, watchLink } from './link.ts';
import { type Outgoing, openOutgoing } from './outgoing.ts';

/** A connection as the files of this folder pass it among themselves. */
export interface Line {
  readonly nc: NatsConnection;
  readonly inboxPrefix: string;
  readonly link: Link;
  readonly out: Outgoing;
  readonly askOnce: AskOnce;
  readonly request: Request;
  readonly api: BrokerApi;
}

const TIME_LIMIT_MS = 5000;
/** What may be done twice is asked again when the first asking brought nothing: its server may be gone. */
const ATTEMPT_MS = 2000;

export function openLine(nc: NatsConnection, inboxPrefix: string): Line {
  const link = watchLink(nc);
  const out = openOutgoing(nc, link);
  const askOnce = openAnswers(nc, inboxPrefix, { link, out });
  const request = makeRequest(nc, link, askOnce);
  return { nc, inboxPrefix, link, out, askOnce, request, api: brokerApi(request) };
}

/**
 * Asks until there is an answer or the time is over, again only where that is safe: when nobody took
 * it, when the broker said that it cannot now, or, of what may be done twice, when no answer came.
 * While there is no connection a request waits here, and not in the client's buffer: what was told
 * to have failed must not be done afterwards.
 */
function makeRequest(nc: NatsConnection, link: Link, askOnce: AskOnce): Request {
  return async (operation, subject, data, { safe, headers }) => {
    const until = performance.now() + TIME_LIMIT_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        if (nc.isClosed()) throw new BusFault(`${operation}: the connection was closed`);
        await link.up(until);
        const left = Math.max(until - performance.now(), 1);
        const timeoutMs = safe ? Math.min(left, ATTEMPT_MS) : left;
        const reply = await askOnce(subject, data, { timeoutMs, ...(headers && { headers }) });
        if (passingRefusal(reply) === undefined || performance.now() >= until) return reply;
      } catch (cause) {
        const again = isNobodyThere(cause) || (safe && isUnknown(cause));
        if (!again || performance.now() >= until) throw toFault(operation, cause);
      }
      await pause(Math.min(20 * attempt, 250));
    }
  };
}

/** Whether it was done nobody knows. */
const isUnknown = (cause: unknown): boolean =>
  cause instanceof Lost || cause instanceof TimeoutError;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
