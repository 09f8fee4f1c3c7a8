/** What came of bringing one item, by what the endpoint answered or did not. */
import { BadEndpoint } from '../../../certs/reach/target.ts';
import { Declined } from '../problems.ts';
import { NotTheirs } from './connect.ts';

/** Words for the metric and the log. */
export type Trouble =
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  | 'address'
  | 'busy'
  | 'error'
  | 'refused'
  | 'answer';

export type Outcome =
  /** It was taken; `said` is what the answer held, when it held a statement. */
  | { readonly kind: 'taken'; readonly status: number; readonly said?: string }
  | { readonly kind: 'gone'; readonly status: 410 }
  | {
      readonly kind: 'later';
      readonly why: Trouble;
      readonly status?: number;
      /** The whole endpoint is in trouble: nothing else is brought there meanwhile. */
      readonly whole: boolean;
      /** What is not expected to pass soon. */
      readonly slow: boolean;
      /** Milliseconds that the endpoint asked for. */
      readonly askedMs?: number;
    };

const later = (why: Trouble, rest: object = {}): Outcome => ({
  ...{ kind: 'later', why, whole: false, slow: false },
  ...rest,
});

/** @param askedMs what Retry-After said */
export function judgeStatus(status: number, askedMs: number | undefined): Outcome {
  const more = { status, ...(askedMs !== undefined && { askedMs }) };
  if (status >= 200 && status < 300) return { kind: 'taken', status };
  if (status === 410) return { kind: 'gone', status };
  if (status === 429 || status === 503) return later('busy', { ...more, whole: true });
  if (status === 408 || status === 425 || status >= 500) return later('error', more);
  // Redirects too: they are never followed.
  return later('refused', { ...more, slow: true });
}

/** An answer that says yes, and cannot be read. */
export const unreadable = (status: number): Outcome => later('answer', { status });

const TLS_CODES = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_|UNABLE_TO_|SELF_SIGNED|INVALID_|HOSTNAME_)/;
const TIMEOUTS = ['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

export function judgeError(error: unknown): Outcome {
  const whole = { whole: true };
  if (error instanceof BadEndpoint) return later('address', { ...whole, slow: true });
  if (error instanceof NotTheirs || error instanceof Declined) return later('certificate', whole);
  const { code = '', name = '' } = Object(error) as { code?: unknown; name?: unknown };
  if (TLS_CODES.test(String(code))) return later('certificate', whole);
  const late = TIMEOUTS.includes(String(code)) || name === 'TimeoutError';
  return later(late ? 'timeout' : 'unreachable', whole);
}
