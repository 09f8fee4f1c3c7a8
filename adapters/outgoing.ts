/** Drives the outbox: offers what is due, urgent first, and tells the sender when the end has come. */
import type { Uuid7 } from '../schemas/ids.ts';
import { kindOf } from './log.ts';
import { Loop } from './loop.ts';
import { offer } from './outlet.ts';
import type { Rooms } from './rooms.ts';
import { endOf, planFor } from './schedule.ts';
import type { Prio } from './store/outbox.ts';

/** How many offers may be under way: urgent messages have places of their own. */
const PLACES: Readonly<Record<Prio, number>> = { spoed: 4, normaal: 8 };
/** How long a message is left alone when not even its failure could be written down. */
const AFTER_FAULT_MS = 5_000;
/** How long offers under way may take when the adapter is to stop. */
const PATIENCE_MS = 5_000;

export class Outgoing {
  readonly #rooms: Rooms;
  readonly #loop: Loop;
  readonly #underWay: Readonly<Record<Prio, Map<Uuid7, Promise<void>>>>;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
    this.#underWay = { spoed: new Map(), normaal: new Map() };
    this.#loop = new Loop('outgoing', rooms.log, async () => this.#turn());
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
    await Promise.all([...this.#underWay.spoed.values(), ...this.#underWay.normaal.values()]);
    clearTimeout(hangUp);
  }

  #turn(): number | null {
    const { store, clock } = this.#rooms;
    const now = clock.now();
    for (const prio of ['spoed', 'normaal'] as const) this.#begin(prio, now);
    const soonest = store.outbox.soonest(now);
    return soonest === null ? null : soonest - now;
  }

  #begin(prio: Prio, now: number): void {
    const underWay = this.#underWay[prio];
    if (underWay.size >= PLACES[prio]) return;
    // Those under way are still due: as many more are asked for.
    const due = this.#rooms.store.outbox.due(prio, now, PLACES[prio] + underWay.size);
    for (const jti of due) {
      if (underWay.size >= PLACES[prio]) return;
      if (!underWay.has(jti)) underWay.set(jti, this.#handle(jti, prio));
    }
  }

  async #handle(jti: Uuid7, prio: Prio): Promise<void> {
    const done = () => {
      this.#underWay[prio].delete(jti);
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
    await store.write(() => {
      const now = clock.now();
      const current = store.outbox.get(jti);
      if (current === undefined || current.nextAt === null) return;
      const end = plan === 'end' ? ({ state: 'verlopen', nextAt: null } as const) : {};
      store.outbox.progress(jti, { ...current, changed: now, nextAt: endOf(current), ...end });
    });
    if (plan === 'end')
      log.warn({ bericht: jti }, 'the end of a message came without all receipts');
  }
}
