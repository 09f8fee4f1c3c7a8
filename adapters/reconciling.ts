/** Asks the router, once after the start, what this store lacks; until it has answered. */
import { Loop } from './loop.ts';
import { reconcile } from './reconcile.ts';
import type { Rooms } from './rooms.ts';

export class Reconciling {
  readonly #loop: Loop;

  constructor(rooms: Rooms) {
    this.#loop = new Loop(
      'reconciling',
      rooms.log,
      async () => {
        await reconcile(rooms);
        return null;
      },
      rooms.longestWaitMs,
    );
  }

  start(): void {
    this.#loop.start();
  }

  ring(): void {
    this.#loop.ring();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
