/** Says in one way what can go wrong between here and the broker. */
import { NoRespondersError, PermissionViolationError, TimeoutError } from 'nats';
import { BusFault } from './bus.ts';

/** The broker's error numbers on which something depends, and two of our own. */
export const CODE = {
  noMessage: 10037,
  noSequence: 10043,
  notDeleted: 10057,
  noStream: 10059,
  wrongLastSequence: 10071,
  /** The same, as servers from 2.11 say it in a cluster. */
  wrongLastSequenceUnknown: 10164,
  /** The rights of the role do not allow it. */
  forbidden: 403,
  /** Nobody serves it now: no leader yet, or no such consumer. */
  unserved: 503,
} as const;

const isCausedBy = (cause: unknown, kind: new (...args: never[]) => Error): boolean =>
  cause instanceof kind || (cause instanceof Error && cause.cause instanceof kind);

/** The request reached nobody, so nothing was done: to ask again is always safe. */
export const isNobodyThere = (cause: unknown): boolean => isCausedBy(cause, NoRespondersError);

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
