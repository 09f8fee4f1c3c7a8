/** The connection to the broker as it is now, told to whoever depends on it. */
import { type NatsConnection, PermissionViolationError, TimeoutError } from 'nats';

/** The connection was lost between request and answer: nobody knows whether it was done. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

export interface Link {
  isUp(): boolean;
  /** Resolves when there is a connection. @throws TimeoutError when there is none by then (performance.now) */
  up(until: number): Promise<void>;
  /** Calls back once when the present connection goes; the returned function takes that back. */
  onDown(callback: () => void): () => void;
  /** Calls back each time that the broker says that these credentials may not do something. */
  onRefusal(callback: (refusal: PermissionViolationError) => void): void;
}

/** Follows the client's reports of its connection. */
export function watchLink(nc: NatsConnection): Link {
  const [waiting, watching] = [new Set<() => void>(), new Set<() => void>()];
  const refused: ((refusal: PermissionViolationError) => void)[] = [];
  let isUp = true;
  const set = (state: boolean, told: Set<() => void>) => {
    isUp = state;
    const all = [...told];
    told.clear();
    for (const tell of all) tell();
  };
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect') set(false, watching);
      if (status.type === 'reconnect') set(true, waiting);
      if (status.type === 'error' && status.error instanceof PermissionViolationError)
        for (const tell of refused) tell(status.error);
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
    onRefusal: (callback) => {
      refused.push(callback);
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
