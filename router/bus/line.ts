/** The line to the broker: requests that are bounded in time and live through a lost connection. */
import type { NatsConnection } from 'nats';
import { type AskOnce, openAnswers } from './answers.ts';
import { type BrokerApi, brokerApi, type Request } from './api.ts';
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

export function openLine(nc: NatsConnection, inboxPrefix: string): Line {
  const link = watchLink(nc);
  const out = openOutgoing(nc, link);
  const askOnce = openAnswers(nc, inboxPrefix, { link, out });
  const request = makeRequest(nc, link, askOnce);
  return { nc, inboxPrefix, link, out, askOnce, request, api: brokerApi(request) };
}

/**
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
        const timeoutMs = Math.max(until - performance.now(), 1);
        return await askOnce(subject, data, { timeoutMs, ...(headers && { headers }) });
      } catch (cause) {
        const again = isNobodyThere(cause) || (safe && cause instanceof Lost);
        if (!again || performance.now() >= until) throw toFault(operation, cause);
        await pause(Math.min(20 * attempt, 250));
      }
    }
  };
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
