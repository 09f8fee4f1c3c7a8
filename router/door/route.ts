/** What a route of the door is, apart from the HTTP library that serves it. */
import type { Oin } from '../../schemas/ids.ts';
import type { Lane } from '../metrics.ts';

/** A request that has been let in: who, what and with which parameters. */
export interface Call {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the route says that it takes (Common.query), each once at most. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Empty where the route takes no body. */
  readonly body: Uint8Array;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
}

export interface AgencyCall extends Call {
  readonly peer: Oin;
  /** Asks again whether the peer's certificate is good, for calls that last. @throws Declined */
  confirm(): Promise<void>;
}

export interface Given {
  readonly status: number;
  /** Sent as JSON; a string is JSON already. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Common {
  readonly method: 'GET' | 'POST';
  /** As in the OpenAPI document, below /v1: `/berichten/{jti}`. */
  readonly path: string;
  /** The keys that it takes after `?`; any other is refused. A route that names none looks at none. */
  readonly query?: readonly string[];
  /** The media type of the body; a route without one takes no body. */
  readonly takes?: string;
  /** The media type of the answer; application/json when absent. */
  readonly gives?: string;
}

/** Anybody may call it, without a certificate. */
export interface PublicRoute extends Common {
  readonly open: true;
  answer(call: Call): Given | Promise<Given>;
}

/** Only an agency that the register knows may call it. */
export interface AgencyRoute extends Common {
  readonly open?: false;
  /** What the call counts against; read from the headers, before the body is taken in. */
  lane(headers: Call['headers']): Lane;
  answer(call: AgencyCall): Promise<Given>;
}

export type Route = PublicRoute | AgencyRoute;

export const ROOT = '/v1';
export const JSON_TYPE = 'application/json';
export const PROBLEM_TYPE = 'application/problem+json';
