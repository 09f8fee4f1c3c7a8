/** Requests to JetStream, with the broker's refusals as BusFaults. */
import type { Msg, MsgHdrs } from 'nats';
import { BusFault } from './bus.ts';

/** Bounded in time; lives through a lost connection where that is safe. See line.ts. */
export type Request = (
  /** Names what is done, for the error text. */
  operation: string,
  subject: string,
  data: Uint8Array | string,
  options: {
    /** Doing it twice is as good as doing it once: it is done again after a lost connection. */
    readonly safe: boolean;
    readonly headers?: MsgHdrs;
  },
) => Promise<Msg>;

/** `operation` is what follows `$JS.API.`. All that is asked here may safely be asked twice. */
export type BrokerApi = <T>(operation: string, body?: unknown) => Promise<T>;

interface Reply {
  readonly error?: { readonly code?: number; readonly err_code?: number };
}

/** What the broker answered, or the fault that it named. */
export function readReply<T>(operation: string, text: string): T {
  const reply = JSON.parse(text) as Reply;
  if (reply.error === undefined) return reply as T;
  const code = reply.error.err_code ?? reply.error.code ?? 0;
  throw new BusFault(`the broker refused ${operation}: error ${code}`, { code });
}

export function brokerApi(request: Request): BrokerApi {
  return async <T>(operation: string, body?: unknown): Promise<T> => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const reply = await request(operation, `$JS.API.${operation}`, payload, { safe: true });
    return readReply<T>(operation, reply.string());
  };
}
