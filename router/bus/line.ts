/** The line to the broker: requests that are bounded in time and live through a lost connection. */
import { type NatsConnection, TimeoutError } from 'nats';
import { type BrokerApi, brokerApi, type Request } from './api.ts';
import { BusFault } from './bus.ts';
import { isNobodyThere, toFault } from './faults.ts';

/** A connection as the files of this folder pass it among themselves. */
export interface Line {
  readonly nc: NatsConnection;
  readonly inboxPrefix: string;
  readonly link: Link;
  readonly request: Request;
  readonly api: BrokerApi;
}

const TIME_LIMIT_MS = 5000;

export function openLine(nc: NatsConnection, inboxPrefix: string): Line {
  const link = watchLink(nc);
  const request = makeRequest(nc, link);
  return { nc, inboxPrefix, link, request, api: brokerApi(request) };
}

/** The connection was lost between request and answer: nobody knows whether it was done. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

/** The connection as it is now. */
export interface Link {
  isUp(): boolean;
  /** Resolves when there is a connection. @throws TimeoutError when there is none by then (performance.now) */
  up(until: number): Promise<void>;
  /** Calls back once when the present connection goes; the returned function takes that back. */
  onDown(callback: () => void): () => void;
}

/** Follows the client's reports of its connection. */
function watchLink(nc: NatsConnection): Link {
  const [waiting, watching] = [new Set<() => void>(), new Set<() => void>()];
  let isUp = true;
  const set = (state: boolean, told: Set<() => void>) => {
    isUp = state;
    const all = [...told];
    told.clear();
    for (const tell of all) tell();
  };
  void (async () => {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect') set(false, watching);
      if (type === 'reconnect') set(true, waiting);
    }
    set(false, watching);
  })();
  return {
    isUp: () => isUp,
    up: async (until) => {
      if (!isUp) await told(waiting, until);
    },
    onDown: (callback) => {
      watching.add(callback);
      return () => watching.delete(callback);
    },
  };
}

/** Resolves when those in the set are told, and leaves nothing in it. */
function told(waiting: Set<() => void>, until: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => {
      waiting.delete(tell);
      reject(new TimeoutError());
    };
    const timer = setTimeout(late, Math.max(until - performance.now(), 1));
    const tell = () => {
      clearTimeout(timer);
      resolve();
    };
    waiting.add(tell);
  });
}

/** The result. @throws Lost when the connection goes first */
export async function unlessLost<T>(link: Link, sent: Promise<T>): Promise<T> {
  let forget = () => {};
  const lost = new Promise<never>((_, reject) => {
    forget = link.onDown(() => reject(new Lost()));
  });
  try {
    return await Promise.race([sent, lost]);
  } finally {
    forget();
  }
}

/**
 * While there is no connection a request waits here, and not in the client's buffer: what was told
 * to have failed must not be done afterwards.
 */
function makeRequest(nc: NatsConnection, link: Link): Request {
  return async (operation, subject, data, { safe, headers }) => {
    const until = performance.now() + TIME_LIMIT_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        if (nc.isClosed()) throw new BusFault(`${operation}: the connection was closed`);
        await link.up(until);
        const timeout = Math.max(until - performance.now(), 1);
        const sent = nc.request(subject, data, { timeout, ...(headers && { headers }) });
        return await unlessLost(link, sent);
      } catch (cause) {
        const again = isNobodyThere(cause) || (safe && cause instanceof Lost);
        if (!again || performance.now() >= until) throw toFault(operation, cause);
        await pause(Math.min(20 * attempt, 250));
      }
    }
  };
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
