/** What was started, to be stopped in reverse order; all of it, also when one does not stop well. */
import { kindOf, type Log } from './log.ts';

export class Stack {
  readonly #log: Log;
  readonly #stops: (() => unknown)[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** @returns what was started */
  add<T>(started: T, stop: (started: T) => unknown): T {
    this.#stops.push(() => stop(started));
    return started;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        this.#log.error(kindOf(error), 'something did not stop well');
      }
    }
  }
}
