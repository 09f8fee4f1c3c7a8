import { Refusal } from '../schemas/refusal.ts';
import { PRIOS, type Prio } from './bus/subjects.ts';

/**
 * Bounds how much is worked on at once. Urgent work goes before normal work that waits; when too
 * much waits, more is refused as temporarily-unavailable, each lane for itself.
 */
export class Lanes {
  readonly #inFlight: number;
  readonly #waiting: number;
  readonly #queues: Record<Prio, (() => void)[]> = { spoed: [], normaal: [] };
  #busy = 0;

  constructor(limits: { inFlight: number; waiting: number }) {
    this.#inFlight = limits.inFlight;
    this.#waiting = limits.waiting;
  }

  /** @throws Refusal temporarily-unavailable, when the lane is full */
  async run<T>(prio: Prio, work: () => Promise<T>): Promise<T> {
    await this.#turn(prio);
    try {
      return await work();
    } finally {
      this.#busy--;
      this.#next();
    }
  }

  #turn(prio: Prio): Promise<void> | undefined {
    if (this.#busy < this.#inFlight) {
      this.#busy++;
      return undefined;
    }
    const queue = this.#queues[prio];
    if (queue.length >= this.#waiting) {
      throw new Refusal('temporarily-unavailable', 'too many messages wait');
    }
    return new Promise((go) => queue.push(go));
  }

  /** Hands the free place to whoever waits longest in the most urgent lane. */
  #next(): void {
    const go = PRIOS.map((prio) => this.#queues[prio])
      .find((queue) => queue.length > 0)
      ?.shift();
    if (go === undefined) return;
    this.#busy++;
    go();
  }
}
