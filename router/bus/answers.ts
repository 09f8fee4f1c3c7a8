/**
 * Requests, and the answers that are waited for, all over one subscription. The client's own way
 * makes an error object for every request, also for those that succeed, and with some twenty
 * requests for one message that cost more than a signature (bench/README.md).
 */
import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  NoRespondersError,
  TimeoutError,
} from 'nats';
import { type Link, Lost } from './link.ts';
import type { Outgoing } from './outgoing.ts';

/** @throws TimeoutError, NoRespondersError, PermissionViolationError, or Lost when the connection goes first */
export type AskOnce = (
  subject: string,
  data: Uint8Array | string,
  options: { readonly timeoutMs: number; readonly headers?: MsgHdrs },
) => Promise<Msg>;

interface Waiting {
  readonly subject: string;
  answered(msg: Msg): void;
  failed(cause: Error): void;
}

export function openAnswers(
  nc: NatsConnection,
  inboxPrefix: string,
  { link, out }: { link: Link; out: Outgoing },
): AskOnce {
  const inbox = createInbox(inboxPrefix);
  const waiting = new Map<string, Waiting>();
  let count = 0;
  nc.subscribe(`${inbox}.*`, {
    callback: (error, msg) => {
      if (error === null) waiting.get(msg.subject)?.answered(msg);
    },
  });
  const fail = (cause: () => Error, which: (one: Waiting) => boolean = () => true) => {
    for (const one of [...waiting.values()].filter(which)) one.failed(cause());
  };
  const loseAll = () => {
    fail(() => new Lost());
    if (!nc.isClosed()) link.onDown(loseAll);
  };
  link.onDown(loseAll);
  link.onRefusal((refusal) =>
    fail(
      () => refusal,
      ({ subject }) => subject === refusal.subject,
    ),
  );

  return (subject, data, { timeoutMs, headers }) =>
    new Promise((resolve, reject) => {
      const reply = `${inbox}.${(count++).toString(36)}`;
      const end = () => {
        clearTimeout(limit);
        waiting.delete(reply);
      };
      const failed = (cause: Error) => {
        end();
        reject(cause);
      };
      const answered = (msg: Msg) => {
        if (isNobody(msg)) return failed(new NoRespondersError(subject));
        end();
        resolve(msg);
      };
      const limit = setTimeout(() => failed(new TimeoutError()), timeoutMs);
      waiting.set(reply, { subject, answered, failed });
      out.send(subject, data, headers === undefined ? { reply } : { reply, headers }, failed);
    });
}

/** The broker answers itself when nobody serves the subject. */
const isNobody = ({ data, headers }: Msg): boolean => data.length === 0 && headers?.code === 503;
