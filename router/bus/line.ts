/** The line to the broker: requests that are bounded in time and live through a lost connection. */
import { type NatsConnection, TimeoutError } from 'nats';
import { type BrokerApi, brokerApi, type Request } from './api.ts';
import { BusFault } from './bus.ts';
import { isNobodyThere, toFault } from './faults.ts';

/** A connection as the files of this folder pass it among themselves. */
export interface Line {
  readonly nc: NatsConnection;
  readonly inboxPrefix: string;
  readonly request: Request;
  readonly api: BrokerApi;
}

const TIME_LIMIT_MS = 5000;

export function openLine(nc: NatsConnection, inboxPrefix: string): Line {
  const request = makeRequest(nc, watchLink(nc));
  return { nc, inboxPrefix, request, api: brokerApi(request) };
}

/** The connection was lost between request and answer: nobody knows whether it was done. */
class Lost extends Error {
  override readonly name = 'Lost';
}

interface Link {
  /** Resolves when there is a connection. */
  up(): Promise<void>;
  /** Rejects with Lost when the present connection goes. */
  down(): Promise<never>;
}

/** Follows the client's reports of its connection. */
function watchLink(nc: NatsConnection): Link {
  let [isUp, announce, fail]: [boolean, () => void, (lost: Lost) => void] = [true, noop, noop];
  let up: Promise<void> = Promise.resolve();
  let down: Promise<never> = neverUntil((reject) => {
    fail = reject;
  });
  const onDown = () => {
    if (!isUp) return;
    isUp = false;
    up = new Promise((resolve) => {
      announce = resolve;
    });
    fail(new Lost());
  };
  const onUp = () => {
    if (isUp) return;
    isUp = true;
    down = neverUntil((reject) => {
      fail = reject;
    });
    announce();
  };
  void (async () => {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect') onDown();
      if (type === 'reconnect') onUp();
    }
    onDown();
  })();
  return { up: () => up, down: () => down };
}

const noop = (): void => undefined;
function neverUntil(take: (reject: (lost: Lost) => void) => void): Promise<never> {
  const promise = new Promise<never>((_, reject) => take(reject));
  promise.catch(noop);
  return promise;
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
        await inTime(link.up(), until);
        const timeout = Math.max(until - performance.now(), 1);
        const sent = nc.request(subject, data, { timeout, ...(headers && { headers }) });
        return await Promise.race([sent, link.down()]);
      } catch (cause) {
        const again = isNobodyThere(cause) || (safe && cause instanceof Lost);
        if (!again || performance.now() >= until) throw toFault(operation, cause);
        await pause(Math.min(20 * attempt, 250));
      }
    }
  };
}

async function inTime(promise: Promise<void>, until: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError()), Math.max(until - performance.now(), 1));
  });
  try {
    await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
