/** Requests to JetStream, bounded in time, with the broker's refusals as BusFaults. */
import {
  type NatsConnection,
  NoRespondersError,
  PermissionViolationError,
  TimeoutError,
} from 'nats';
import { BusFault } from './bus.ts';

/** The broker's error numbers on which something depends. */
export const CODE = {
  noMessage: 10037,
  noStream: 10059,
  noConsumer: 10014,
  noSequence: 10043,
  notDeleted: 10057,
  wrongLastSequence: 10071,
  /** Not a number of the broker: the role's rights do not allow it. */
  forbidden: 403,
  /** The same, as servers from 2.11 say it in a cluster. */
  wrongLastSequenceUnknown: 10164,
} as const;

export const TIME_LIMIT_MS = 5000;

export type BrokerApi = <T>(operation: string, body?: unknown) => Promise<T>;

/** A connection as the files of this folder pass it among themselves. */
export interface Line {
  readonly nc: NatsConnection;
  readonly api: BrokerApi;
  readonly inboxPrefix: string;
}

interface Reply {
  readonly error?: { readonly code?: number; readonly err_code?: number; description?: string };
}

/** What the broker answered, or the fault that it named. */
export function readReply<T>(operation: string, text: string): T {
  const reply = JSON.parse(text) as Reply;
  if (reply.error === undefined) return reply as T;
  const code = reply.error.err_code ?? reply.error.code ?? 0;
  throw new BusFault(`the broker refused ${operation}: error ${code}`, { code });
}

/** Says in one way what can go wrong between here and the broker. */
export function toFault(operation: string, cause: unknown): BusFault {
  if (cause instanceof BusFault) return cause;
  if (cause instanceof TimeoutError) {
    return new BusFault(`the broker did not answer ${operation} in time`, { cause });
  }
  if (isNobodyThere(cause)) {
    return new BusFault(`the broker does not serve ${operation} now`, { code: 503, cause });
  }
  if (isDenied(cause)) {
    return new BusFault(`the broker lets these credentials not do ${operation}`, {
      code: CODE.forbidden,
      cause,
    });
  }
  const name = cause instanceof Error ? cause.name : 'unknown';
  return new BusFault(`${operation} failed: ${name}`, { cause });
}

const isDenied = (cause: unknown): boolean =>
  cause instanceof PermissionViolationError ||
  (cause instanceof Error && cause.cause instanceof PermissionViolationError);

/** The request reached nobody, so nothing was done: to ask again is always safe. */
export const isNobodyThere = (cause: unknown): boolean =>
  cause instanceof NoRespondersError ||
  (cause instanceof Error && cause.cause instanceof NoRespondersError);

export function brokerApi(nc: NatsConnection): BrokerApi {
  return async <T>(operation: string, body?: unknown): Promise<T> => {
    try {
      const payload = body === undefined ? '' : JSON.stringify(body);
      const reply = await nc.request(`$JS.API.${operation}`, payload, { timeout: TIME_LIMIT_MS });
      return readReply<T>(operation, reply.string());
    } catch (cause) {
      throw toFault(operation, cause);
    }
  };
}
