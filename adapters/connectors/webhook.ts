/**
 * Hands received messages over to the agency's own system: a POST of the opened message to the one
 * configured address. At least once, with a key by which the system knows a repeat; what it takes is
 * stated `verwerkt`, what it refuses waits for a person.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { digestOf } from '../../certs/digest.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { retryAfter } from '../answer.ts';
import { kindOf } from '../log.ts';
import { Loop } from '../loop.ts';
import type { Rooms } from '../rooms.ts';
import { waitOf } from '../schedule.ts';
import { settle } from '../settle.ts';
import type { Handover } from '../store/handovers.ts';
import { openMessage } from '../view.ts';

export interface WebhookConfig {
  readonly url: string;
  readonly timeoutSeconds: number;
  /** Sent as bearer token. */
  readonly tokenFile?: string;
  /** PEM of the issuer of the system's certificate, when it is not a public one. */
  readonly caFile?: string;
}

/** What became of one attempt. */
type Outcome =
  | { readonly kind: 'taken'; readonly status: number }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'later'; readonly status: number | null; readonly afterMs: number };

const AT_ONCE = 4;

export class Webhook {
  readonly #rooms: Rooms;
  readonly #config: WebhookConfig;
  readonly #agent: Agent;
  readonly #token: string | undefined;
  readonly #loop: Loop;

  constructor(rooms: Rooms, config: WebhookConfig) {
    this.#rooms = rooms;
    this.#config = config;
    this.#token = config.tokenFile && readFileSync(config.tokenFile, 'utf8').trim();
    const ca = config.caFile && readFileSync(config.caFile, 'utf8');
    this.#agent = new Agent({ connections: AT_ONCE, ...(ca && { connect: { ca } }) });
    this.#loop = new Loop('webhook', rooms.log, () => this.#turn(), rooms.longestWaitMs);
  }

  start(): void {
    this.#loop.start();
  }

  ring(): void {
    this.#loop.ring();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#agent.destroy();
  }

  async #turn(): Promise<number | null> {
    const { store, clock } = this.#rooms;
    const due = store.handovers.due('webhook', clock.now(), AT_ONCE);
    await Promise.all(due.map((one) => this.#handOver(one)));
    if (due.length > 0) return 0;
    const soonest = store.handovers.soonest('webhook', clock.now());
    return soonest === null ? null : soonest - clock.now();
  }

  async #handOver(handover: Handover): Promise<void> {
    const outcome = await this.#post(handover);
    const { sender, message } = handover;
    // Stated first: a fall in between repeats the POST, which the system knows by its key.
    if (outcome.kind === 'taken') await this.#stateTaken(handover);
    else
      this.#rooms.log.warn(
        { sender, message, status: outcome.status },
        'the webhook did not take a message',
      );
    await this.#rooms.store.write(() =>
      this.#rooms.store.handovers.progress(this.#after(handover, outcome)),
    );
  }

  async #stateTaken({ sender, message }: Handover): Promise<void> {
    try {
      const by = {};
      await settle(
        this.#rooms,
        { sender, jti: message },
        { state: 'verwerkt', action: 'overgenomen', by },
      );
    } catch (error) {
      // A person rejected it meanwhile: that stands.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  #after(handover: Handover, outcome: Outcome): Handover {
    const attempts = handover.attempts + 1;
    const { status } = outcome;
    if (outcome.kind === 'taken') return { ...handover, attempts, status, state: 'gelukt' };
    if (outcome.kind === 'refused') return { ...handover, attempts, status, state: 'mens' };
    const wait = Math.max(
      waitOf(this.#rooms, 'handover', handover.prio, handover.attempts),
      outcome.afterMs,
    );
    return { ...handover, attempts, status, nextAt: this.#rooms.clock.now() + wait };
  }

  async #post({ sender, message }: Handover): Promise<Outcome> {
    const opened = await openMessage(this.#rooms, { sender, jti: message });
    try {
      const response = await request(this.#config.url, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': digestOf(`${sender}\n${message}\n${opened.digest}`),
          ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        },
        body: JSON.stringify(opened),
        signal: AbortSignal.timeout(this.#config.timeoutSeconds * 1000),
      });
      // What the system says beside the status is neither kept nor shown.
      await response.body.dump({ limit: 65_536 });
      return judge(response.statusCode, retryAfter(response.headers, this.#rooms.clock.now()));
    } catch (error) {
      this.#rooms.log.info(kindOf(error), 'the webhook could not be reached');
      return { kind: 'later', status: null, afterMs: 0 };
    }
  }
}

/** A redirect is not followed: personal data goes to the configured address and nowhere else. */
function judge(status: number, afterMs: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'taken', status };
  const mayPass = status === 408 || status === 425 || status === 429 || status >= 500;
  return mayPass ? { kind: 'later', status, afterMs } : { kind: 'refused', status };
}
