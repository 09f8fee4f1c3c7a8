/**
 * Gives the router the receipts that this agency signed. They travel with the next poll; while a
 * poll waits for something to happen they are given at once. A receipt is under way once at a time.
 */

import { digestOf } from '../certs/digest.ts';
import type { Code } from '../schemas/codes.ts';
import type { Uitslag } from '../schemas/generated/wire.ts';
import { Loop } from './loop.ts';
import { type Fate, fateOf } from './reply-fate.ts';
import type { Rooms } from './rooms.ts';
import { waitOf } from './schedule.ts';
import { type Reply, stateAnew } from './state-fact.ts';
import type { DueReply } from './store/replies.ts';
import type { Store } from './store/store.ts';

const AT_ONCE = 8;
/** How soon the poll under way is expected to take the receipts along. */
const SOON_MS = 1_000;
/** A clock that goes back by more was put back. */
const PUT_BACK_MS = 1_000;

interface Settled {
  readonly reply: DueReply;
  readonly fate: Fate;
  readonly code: Code | null;
  readonly anew?: Reply;
}

/** A receipt that was refused before may be given again, when its copy comes again. */
const isSaidSince = ({ replies }: Store, { row }: Reply): boolean =>
  replies
    .of(row.sender, row.message)
    .some((one) => one.copy === row.copy && one.state === row.state && one.sent !== 2);

export class Replying {
  readonly #rooms: Rooms;
  readonly #loop: Loop;
  readonly #pollWaits: () => boolean;
  readonly #underWay = new Set<string>();
  #lastTurn = 0;

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
    const { store, log } = this.#rooms;
    const said = new Map(results.map((one) => [one.dig as string, one]));
    const settled = await Promise.all(replies.map((one) => this.#judge(one, said.get(one.digest))));
    await store.write(() => {
      for (const one of settled) this.#write(one);
    });
    const refused = results.filter((one) => !one.aangenomen);
    if (refused.length > 0)
      log.warn({ codes: refused.map((one) => one.code) }, 'receipts refused by the router');
    this.giveBack(replies);
  }

  async #judge(reply: DueReply, result: Uitslag | undefined): Promise<Settled> {
    const { clock, identity } = this.#rooms;
    const fate = fateOf(reply.jws, result, { identity, now: clock.now() });
    const code = result?.code ?? null;
    if (fate !== 'anew') return { reply, fate, code };
    return { reply, fate, code, anew: await stateAnew(this.#rooms, reply.jws) };
  }

  #write({ reply: { digest, attempts }, fate, code, anew }: Settled): void {
    const { store, clock } = this.#rooms;
    const { replies } = store;
    const wait = () => waitOf(this.#rooms, 'offer', 'normaal', attempts);
    if (fate === 'taken') replies.settle(digest, 1);
    else if (fate === 'later') replies.postpone(digest, clock.now() + wait());
    else replies.settle(digest, 2, code);
    if (anew !== undefined && !isSaidSince(store, anew)) replies.add(anew.row, anew.jws);
  }

  async #turn(): Promise<number | null> {
    await this.#lookAtClock();
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

  /** What waits by the time of a clock that was put back since waits no longer. */
  async #lookAtClock(): Promise<void> {
    const { store, clock } = this.#rooms;
    const now = clock.now();
    if (now < this.#lastTurn - PUT_BACK_MS) await store.write(() => store.replies.hasten(now));
    this.#lastTurn = now;
  }

  #nextIn(): number | null {
    const { store, clock } = this.#rooms;
    const now = clock.now();
    const soonest = store.replies.soonest(now);
    return soonest === null ? null : soonest - now;
  }

  async #give({ jws }: DueReply): Promise<Uitslag> {
    const answer = await this.#rooms.door.give(
      '/v1/ontvangstbewijzen',
      'application/secevent+jwt',
      jws,
    );
    const dig = digestOf(jws);
    if (answer.ok) return { dig, aangenomen: true };
    return { dig, aangenomen: false, code: answer.problem.code as Code };
  }
}
