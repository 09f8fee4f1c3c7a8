/** Says in one way what can go wrong between here and the broker. */
import { NoRespondersError, PermissionViolationError, TimeoutError } from 'nats';
import { BusFault } from './bus.ts';

/** The broker's error numbers on which something depends, and two of our own. */
export const CODE = {
  noConsumer: 10014,
  noMessage: 10037,
  noSequence: 10043,
  notDeleted: 10057,
  noStream: 10059,
  wrongLastSequence: 10071,
  /** No verdict yet: an earlier message on this subject is still being agreed upon by the servers. */
  stillInFlight: 10164,
  /** The rights of the role do not allow it. */
  forbidden: 403,
  /** Nobody serves it now: no leader yet, or no such consumer. */
  unserved: 503,
} as const;

/**
 * Refusals that pass by themselves while the servers of a cluster choose a leader or catch up. The
 * broker did nothing, so to ask again is always safe.
 */
export const PASSING: readonly number[] = [
  10004, // not every server has answered
  10008, // JetStream is temporarily not available
  10009, // whoever was asked is not the leader any more
  10118, // the stream is offline
  10119, // the consumer is offline
  CODE.stillInFlight,
];

const isCausedBy = (cause: unknown, kind: new (...args: never[]) => Error): boolean =>
  cause instanceof kind || (cause instanceof Error && cause.cause instanceof kind);

/** The request reached nobody, so nothing was done: to ask again is always safe. */
export const isNobodyThere = (cause: unknown): boolean => isCausedBy(cause, NoRespondersError);

/** What keeps a cluster from making streams until enough of its servers are there. */
const TOO_FEW: readonly number[] = [
  10005, // no suitable peers
  10023, // insufficient resources
  10074, // more replicas than servers
];

/** Whether whoever waits for a cluster to come up should ask again. */
export const mayComeUp = ({ code, cause }: BusFault): boolean =>
  code === undefined
    ? isCausedBy(cause, TimeoutError)
    : code === CODE.unserved || PASSING.includes(code) || TOO_FEW.includes(code);

export function toFault(operation: string, cause: unknown): BusFault {
  if (cause instanceof BusFault) return cause;
  if (isCausedBy(cause, TimeoutError)) {
    return new BusFault(`the broker did not answer ${operation} in time`, { cause });
  }
  if (isNobodyThere(cause)) {
    const code = CODE.unserved;
    return new BusFault(`the broker does not serve ${operation} now`, { code, cause });
  }
  if (isCausedBy(cause, PermissionViolationError)) {
    const code = CODE.forbidden;
    return new BusFault(`the broker does not let these credentials do ${operation}`, {
      code,
      cause,
    });
  }
  const name = cause instanceof Error ? cause.name : 'unknown';
  return new BusFault(`${operation} failed: ${name}`, { cause });
}
