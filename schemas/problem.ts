import { CODES } from './codes.ts';
import type { Fault, Refusal } from './refusal.ts';

/** An error on the wire: RFC 9457 problem details with the members that Ketenpost adds. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly code: string;
  /** The stage that said no. */
  readonly stadium: string;
  /** Whether the same request may succeed later. */
  readonly opnieuw: boolean;
  /** Seconds after which trying again makes sense, where that is known; also in Retry-After. */
  readonly opnieuwNa?: number;
  /** What to do next. */
  readonly advies: string;
  readonly errors: readonly Fault[];
  /** The signed receipt `geweigerd`, where the sender is known. */
  readonly ontvangstbewijs?: string;
}

/** Says a refusal as problem details. `type` is a URN, so that no host has to be kept alive for it. */
export function toProblem(
  refusal: Refusal,
  extra: { instance?: string; ontvangstbewijs?: string } = {},
): Problem {
  const { status, title, remedy, retry } = CODES[refusal.code];
  return {
    type: `urn:nl:ketenpost:probleem:${refusal.code}`,
    title,
    status,
    detail: refusal.message,
    code: refusal.code,
    stadium: refusal.stage,
    opnieuw: retry,
    ...(refusal.retryAfter !== undefined && { opnieuwNa: refusal.retryAfter }),
    advies: remedy,
    errors: refusal.faults,
    ...extra,
  };
}
