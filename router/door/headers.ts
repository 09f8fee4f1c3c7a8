/** The headers that every answer of the door carries, also the ones that Fastify never sees. */

/** Version of the door's API (semantic versioning); the major version stands in every path. */
export const API_VERSION = '1.0.0';

export const ALWAYS: Readonly<Record<string, string>> = {
  'api-version': API_VERSION,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Besides, on what anybody may read: a browser on any site may too. */
export const PUBLIC: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'API-Version',
};

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A W3C trace context that may be passed on, or undefined: a broken one is as none (§3.2.2 of the standard). */
export const readTrace = (value: unknown): string | undefined =>
  typeof value === 'string' && TRACEPARENT.test(value) ? value : undefined;

/** The transaction id of FSC, only in the form it should have: it goes into the log. */
export const readTransaction = (value: unknown): string | undefined =>
  typeof value === 'string' && UUID.test(value) ? value : undefined;
