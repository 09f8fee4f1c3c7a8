import { CODES, type Code, type Stage } from './codes.ts';

/** One fault in a message: where it is and what is wrong. Never the value itself. */
export interface Fault {
  /** JSON Pointer into the claims of the message (RFC 6901), such as `/inhoud/betrokkenen/0`. */
  readonly plaats: string;
  /** What is expected there, without the value that was found. */
  readonly melding: string;
}

/**
 * An expected no: coded, receipted, final or to be tried again (`CODES[code].retry`).
 * Anything else that is thrown is a fault of ours.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: Code;
  readonly stage: Stage;
  readonly faults: readonly Fault[];
  /** Seconds after which it makes sense to try again, where that is known. */
  readonly retryAfter: number | undefined;

  /** @param detail one sentence that may be shown to the sender: no names, bodies, ids of persons */
  constructor(
    code: Code,
    detail?: string,
    faults: readonly Fault[] = [],
    stage?: Stage,
    retryAfter?: number,
  ) {
    super(detail ?? CODES[code].title);
    this.code = code;
    this.stage = stage ?? CODES[code].stage;
    this.faults = faults;
    this.retryAfter = retryAfter;
  }

  get retry(): boolean {
    return CODES[this.code].retry;
  }
}
