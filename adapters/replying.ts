/**
 * Gives the router the receipts that this agency signed. They travel with the next poll; while a
 * poll waits for something to happen they are given at once. A receipt is under way once at a time.
 */

import { digestOf } from '../certs/digest.ts';
import { CODES, type Code } from '../schemas/codes.ts';
import type { Uitslag } from '../schemas/generated/wire.ts';
import { Loop } from './loop.ts';
import type { Rooms } from './rooms.ts';
import { waitOf } from './schedule.ts';
import type { DueReply } from './store/replies.ts';

const AT_ONCE = 8;
/** How soon the poll under way is expected to take the receipts along. */
const SOON_MS = 1_000;

export class Replying {
  readonly #rooms: Rooms;
  readonly #loop: Loop;
  readonly #pollWaits: () => boolean;
  readonly #underWay = new Set<string>();

  /** @param pollWaits whether a poll is waiting now, so that none will leave soon */
  constructor(rooms: Rooms, pollWaits: () => boolean) {
    this.#rooms = rooms;
    this.#pollWaits = pollWaits;
    this.#loop = new Loop('replying', rooms.log, () => this.#turn(), rooms.longestWaitMs);
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

  /** Receipts to send now. Each must be given back by `settle` or `giveBack`. */
  take(limit: number): DueReply[] {
    const { store, clock } = this.#rooms;
    const due = store.replies.due(clock.now(), limit + this.#underWay.size);
    const free = due.filter((one) => !this.#underWay.has(one.digest)).slice(0, limit);
    for (const { digest } of free) this.#underWay.add(digest);
    return free;
  }

  giveBack(replies: readonly DueReply[]): void {
    for (const { digest } of replies) this.#underWay.delete(digest);
  }

  /** What the router said of each. A refusal that may pass is tried again, later each time. */
  async settle(replies: readonly DueReply[], results: readonly Uitslag[]): Promise<void> {
    const { store, clock, log } = this.#rooms;
    const said = new Map(results.map((one) => [one.dig as string, one]));
    await store.write(() => {
      for (const { digest, attempts } of replies) {
        const result = said.get(digest);
        const retry = result?.code === undefined || CODES[result.code]?.retry === true;
        if (result?.aangenomen) store.replies.settle(digest, 1);
        else if (retry)
          store.replies.postpone(
            digest,
            clock.now() + waitOf(this.#rooms, 'offer', 'normaal', attempts),
          );
        else store.replies.settle(digest, 2, result.code);
      }
    });
    const refused = results.filter((one) => !one.aangenomen);
    if (refused.length > 0)
      log.warn({ codes: refused.map((one) => one.code) }, 'receipts refused by the router');
    this.giveBack(replies);
  }

  async #turn(): Promise<number | null> {
    if (!this.#pollWaits()) return SOON_MS;
    const taken = this.take(AT_ONCE);
    if (taken.length === 0) return this.#nextIn();
    try {
      await this.settle(taken, await Promise.all(taken.map((one) => this.#give(one))));
    } finally {
      this.giveBack(taken);
    }
    return 0;
  }

  #nextIn(): number | null {
    const { store, clock } = this.#rooms;
    const now = clock.now();
    const soonest = store.replies.soonest(now);
    return soonest === null ? null : soonest - now;
  }

  async #give({ jws }: DueReply): Promise<Uitslag> {
    const answer = await this.#rooms.door.giveReceipt(jws);
    const dig = digestOf(jws);
    if (answer.ok) return { dig, aangenomen: true };
    return { dig, aangenomen: false, code: answer.problem.code as Code };
  }
}
