/**
 * Hands received messages over to the agency's own system: a POST of the opened message to the one
 * configured address. At least once, with a key by which the system knows a repeat; what it takes is
 * stated `verwerkt`, what it refuses waits for a person.
 */
import { digestOf } from '../../certs/digest.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { Loop } from '../loop.ts';
import type { Rooms } from '../rooms.ts';
import { waitOf } from '../schedule.ts';
import { settle } from '../settle.ts';
import type { Handover } from '../store/handovers.ts';
import { openMessage } from '../view.ts';
import { Caller, type Outcome, type WebhookConfig } from './webhook/call.ts';

const AT_ONCE = 4;

export class Webhook {
  readonly #rooms: Rooms;
  readonly #config: WebhookConfig;
  readonly #caller: Caller;
  readonly #loop: Loop;

  constructor(rooms: Rooms, config: WebhookConfig) {
    this.#rooms = rooms;
    this.#config = config;
    this.#caller = new Caller(rooms, config, AT_ONCE);
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
    await this.#caller.close();
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
    const body = await openMessage(this.#rooms, { sender, jti: message });
    const idempotencyKey = digestOf(`${sender}\n${message}\n${body.digest}`);
    const { url } = this.#config;
    return this.#caller.post({ url, type: 'application/json', idempotencyKey, body });
  }
}
