/** How the door says no: always problem details (RFC 9457) with a code of ours, never a framework's words. */
import type { Code } from '../../schemas/codes.ts';
import { type Problem, toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { Unanswered } from '../bus/bus.ts';

/** A no that is on its way to the client, with what HTTP adds to it. */
export class Declined extends Error {
  override readonly name = 'Declined';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** Who said it first, and has counted it. */
  readonly by: 'door' | 'pipeline';

  constructor(
    problem: Problem,
    headers: Readonly<Record<string, string>> = {},
    by: 'door' | 'pipeline' = 'door',
  ) {
    super(problem.title);
    this.problem = problem;
    this.headers = headers;
    this.by = by;
  }
}

/** Seconds after which a client may try again what may be tried again. */
const RETRY_AFTER = 2;

export const decline = (
  code: Code,
  detail?: string,
  headers: Readonly<Record<string, string>> = {},
): Declined => new Declined(toProblem(new Refusal(code, detail)), headers);

/** The same no with the header that says when to come back, where coming back makes sense. */
function withRetry({ problem, headers, by }: Declined): Declined {
  const waits = problem.opnieuw && [429, 503].includes(problem.status);
  const retry = waits ? { 'retry-after': `${problem.opnieuwNa ?? RETRY_AFTER}` } : {};
  return new Declined(problem, { ...retry, ...headers }, by);
}

/** What Fastify and Node say, in our codes. What is not listed here is a fault of ours. */
const FRAMEWORK: Readonly<Record<string, Code>> = {
  FST_ERR_BAD_URL: 'bad-request',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  ECONNRESET: 'bad-request',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/** The code that an error of Node or Fastify stands for; undefined when it is none that a client can cause. */
export const frameworkCode = (error: unknown): Code | undefined => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return FRAMEWORK[code] ?? (code.startsWith('HPE_') ? 'bad-request' : undefined);
};

/** Says any error as a no. `fault` is true when it is ours, and to be logged and counted. */
export function toDeclined(error: unknown): { declined: Declined; fault: boolean } {
  if (error instanceof Declined) return { declined: withRetry(error), fault: false };
  if (error instanceof Refusal) {
    return { declined: withRetry(new Declined(toProblem(error))), fault: false };
  }
  const code = frameworkCode(error);
  if (code !== undefined) return { declined: decline(code), fault: false };
  const declined = withRetry(decline('temporarily-unavailable'));
  return { declined, fault: !(error instanceof Unanswered) };
}
