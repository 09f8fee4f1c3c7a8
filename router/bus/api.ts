/** Requests to JetStream, with the broker's refusals as BusFaults. */
import type { Msg, MsgHdrs } from 'nats';
import { BusFault } from './bus.ts';
import { PASSING } from './faults.ts';

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
export interface BrokerApi {
  <T>(operation: string, body?: unknown): Promise<T>;
  /** @returns null when the broker refuses with one of these error numbers */
  <T>(operation: string, body: unknown, expected: readonly number[]): Promise<T | null>;
}

interface Reply {
  readonly error?: { readonly code?: number; readonly err_code?: number };
}

/**
 * What the broker answered; null when it refused for a reason that was to be expected.
 * @throws BusFault for any other reason
 */
export function readReply<T>(
  operation: string,
  text: string,
  expected: readonly number[] = [],
): T | null {
  const reply = JSON.parse(text) as Reply;
  if (reply.error === undefined) return reply as T;
  const code = reply.error.err_code ?? reply.error.code ?? 0;
  if (expected.includes(code)) return null;
  throw new BusFault(`the broker refused ${operation}: error ${code}`, { code });
}

/** What is said is short; what is stored may be long, and is not searched. */
const LONGEST_REFUSAL = 1000;

/** The number of the refusal in an answer, when it is one that passes by itself. */
export function passingRefusal(reply: Msg): number | undefined {
  if (reply.data.length > LONGEST_REFUSAL) return undefined;
  const code = /"err_code":\s*(\d+)/.exec(reply.string())?.[1];
  return code !== undefined && PASSING.includes(Number(code)) ? Number(code) : undefined;
}

export function brokerApi(request: Request): BrokerApi {
  return async (operation: string, body?: unknown, expected?: readonly number[]) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const reply = await request(operation, `$JS.API.${operation}`, payload, { safe: true });
    return readReply(operation, reply.string(), expected) as never;
  };
}
