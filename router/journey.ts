/**
 * How far one message came and how long each stage took: for the answer when it fails, for the log,
 * the metrics and the dead letter. Stages do not read what earlier stages did from here; that they
 * are given as the result of the one before.
 */
import { digestOf } from '../certs/digest.ts';
import type { Stage } from '../schemas/codes.ts';
import type { Digest, Oin, Uuid7 } from '../schemas/ids.ts';
import type { Prio } from './bus/subjects.ts';

/** A message whose sender has been proven: what is said of it from here on is bound to it. */
export interface Proven {
  readonly sender: Oin;
  readonly jti: Uuid7;
  /** SHA-256 of the JWS. */
  readonly dig: Digest;
  readonly prio: Prio;
  readonly conversatie: Uuid7;
  readonly iat: number;
  readonly exp: number;
}

export type StageName = Stage | 'seal';

export class Journey {
  /** The submission as it came, still sealed. */
  readonly jwe: Uint8Array;
  /** Who the door says has brought it. */
  readonly peer: Oin;
  /** The queue that it came in by. */
  readonly prio: Prio;
  /** The stage that it is in, or was in last. */
  stage: StageName = 'receive';
  #message: Proven | undefined;
  readonly #atEnd: (() => void)[] = [];
  /** An operator offers it again: what was put aside is tried once more. */
  readonly redriven: boolean;

  constructor(offered: { jwe: Uint8Array; peer: Oin; prio: Prio; redriven?: boolean }) {
    this.jwe = offered.jwe;
    this.peer = offered.peer;
    this.prio = offered.prio;
    this.redriven = offered.redriven ?? false;
  }

  /** The message, once its sender has been proven. */
  get message(): Proven | undefined {
    return this.#message;
  }

  /** From here on, refusals and faults are about this message. */
  identify(message: Proven): void {
    this.#message = message;
  }

  /** Keeps a turn, or a note, until the end. */
  hold(giveUp: () => void): void {
    this.#atEnd.push(giveUp);
  }

  /** It is over: whoever waits with the same message may go on. */
  end(): void {
    for (const giveUp of this.#atEnd.splice(0)) giveUp();
  }

  /** What a refusal binds: the JWS once the sender is proven, and until then the JWE. */
  get dig(): Digest {
    return this.#message?.dig ?? digestOf(this.jwe);
  }

  /** Names the message for counting faults, without content. */
  get key(): string {
    return this.#message ? `${this.#message.sender}.${this.#message.jti}` : this.dig;
  }
}
