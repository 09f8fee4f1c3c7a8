/**
 * Drives the outbox: offers what is due, urgent first, asks about what can be offered no more, and
 * tells the sender when the end has come.
 */
import type { Uuid7 } from '../schemas/ids.ts';
import { kindOf } from './log.ts';
import { Loop } from './loop.ts';
import { offer } from './outlet.ts';
import type { Rooms } from './rooms.ts';
import { nextQuestion, planFor } from './schedule.ts';
import { ask } from './send/ask.ts';
import type { OutboxRow, Prio } from './store/outbox.ts';

type Lane = Prio | 'vraag';
/** How many may be under way: urgent messages have places of their own, and so have questions. */
const PLACES: Readonly<Record<Lane, number>> = { spoed: 4, normaal: 8, vraag: 2 };
const LANES: readonly Lane[] = ['spoed', 'normaal', 'vraag'];
/** A clock that goes back by more was put back. */
const PUT_BACK_MS = 1_000;
/** How long a message is left alone when not even its failure could be written down. */
const AFTER_FAULT_MS = 5_000;
/** How long offers under way may take when the adapter is to stop. */
const PATIENCE_MS = 5_000;

export class Outgoing {
  readonly #rooms: Rooms;
  readonly #loop: Loop;
  readonly #underWay: Readonly<Record<Lane, Map<Uuid7, Promise<void>>>>;
  /** When the last turn was; no turn was before. */
  #lastTurn = Number.POSITIVE_INFINITY;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
    this.#underWay = { spoed: new Map(), normaal: new Map(), vraag: new Map() };
    this.#loop = new Loop('outgoing', rooms.log, () => this.#turn());
  }

  start(): void {
    this.#loop.start();
  }

  ring(): void {
    this.#loop.ring();
  }

  /**
   * Resolves when no offer is under way and what came of each is written down. A router that does
   * not answer is not waited for: its connections are closed, and the offers made again some day.
   */
  async stop(): Promise<void> {
    await this.#loop.stop();
    const hangUp = setTimeout(() => void this.#rooms.door.close(), PATIENCE_MS);
    await Promise.all(LANES.flatMap((lane) => [...this.#underWay[lane].values()]));
    clearTimeout(hangUp);
  }

  async #turn(): Promise<number | null> {
    const { store, clock } = this.#rooms;
    const now = clock.now();
    if (now < this.#lastTurn - PUT_BACK_MS) await store.write(() => store.outbox.hasten(now));
    this.#lastTurn = now;
    for (const lane of LANES) this.#begin(lane, now);
    const soonest = store.outbox.soonest(now);
    return soonest === null ? null : soonest - now;
  }

  #begin(lane: Lane, now: number): void {
    const { outbox } = this.#rooms.store;
    const underWay = this.#underWay[lane];
    if (underWay.size >= PLACES[lane]) return;
    // Those under way are still due: as many more are asked for.
    const most = PLACES[lane] + underWay.size;
    const due = lane === 'vraag' ? outbox.questions(now, most) : outbox.due(lane, now, most);
    for (const jti of due) {
      if (underWay.size >= PLACES[lane]) return;
      if (!this.#isUnderWay(jti)) underWay.set(jti, this.#handle(jti, lane));
    }
  }

  /** An offer that settles a message leaves a question: they are not put at the same time. */
  #isUnderWay(jti: Uuid7): boolean {
    return LANES.some((lane) => this.#underWay[lane].has(jti));
  }

  async #handle(jti: Uuid7, lane: Lane): Promise<void> {
    const done = () => {
      this.#underWay[lane].delete(jti);
      this.#loop.ring();
    };
    try {
      await this.#look(jti);
      done();
    } catch (error) {
      this.#rooms.log.error({ bericht: jti, ...kindOf(error) }, 'outbox fault');
      setTimeout(done, AFTER_FAULT_MS).unref();
    }
  }

  async #look(jti: Uuid7): Promise<void> {
    const { store, clock, log } = this.#rooms;
    const row = store.outbox.get(jti);
    if (row === undefined) return;
    const plan = planFor(row, clock.now());
    if (plan === 'offer') {
      const verdict = await offer(this.#rooms, row);
      log.debug({ bericht: jti, verdict: verdict.kind }, 'offered');
      return;
    }
    // Once more before the end is told: a receipt may be there that never reached us.
    await ask(this.#rooms, row);
    if (plan === 'end' && (await this.#end(row)))
      log.warn({ bericht: jti }, 'the end of a message came without all receipts');
  }

  /** @returns false when the receipts came after all */
  #end({ jti }: OutboxRow): Promise<boolean> {
    const { store, clock } = this.#rooms;
    return store.write(() => {
      const now = clock.now();
      const row = store.outbox.get(jti);
      if (row === undefined || row.nextAt === null || planFor(row, now) !== 'end') return false;
      const end = { state: 'verlopen', changed: now } as const;
      const nextAt = nextQuestion({ ...row, ...end }, now, 0);
      store.outbox.progress(jti, { ...row, ...end, step: 1, nextAt });
      return true;
    });
  }
}
