/**
 * What leaves for the broker, in batches: everything that is said in one turn of the event loop goes
 * in one piece. Each piece costs this process and the broker a system call, a TLS record and a
 * wake-up, which together are more than the work on a small message (bench/README.md).
 */
import type { NatsConnection, PublishOptions } from 'nats';
import type { Link } from './link.ts';

export interface Outgoing {
  /** @param onFault told when it could not be sent */
  send(
    subject: string,
    data: Uint8Array | string | undefined,
    options: PublishOptions,
    onFault: (cause: Error) => void,
  ): void;
  /** Sends at once what waits. */
  flush(): void;
}

export function openOutgoing(nc: NatsConnection, link: Link): Outgoing {
  let waiting: (() => void)[] = [];
  // Whoever waits for an answer is told that it is lost: it must not be asked after all, later.
  const drop = () => {
    waiting = [];
    if (!nc.isClosed()) link.onDown(drop);
  };
  link.onDown(drop);
  const flush = () => {
    const all = waiting;
    waiting = [];
    for (const send of all) send();
  };
  return {
    flush,
    send(subject, data, options, onFault) {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(() => {
        try {
          nc.publish(subject, data, options);
        } catch (cause) {
          onFault(cause as Error);
        }
      });
    },
  };
}
