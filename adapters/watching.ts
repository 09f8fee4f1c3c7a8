/**
 * Watches over urgent messages: raises an alarm when one waits too long, and ends it when that is
 * over. Looks also whether a full disk has room again.
 */
import { endingOf } from './alarms/ending.ts';
import { type Patience, raiseOverdue } from './alarms/raise.ts';
import { Loop } from './loop.ts';
import type { Rooms } from './rooms.ts';

/** What is not seen at once is seen this much later. */
const EVERY_MS = 5_000;
const AT_ONCE = 1_000;

export class Watching {
  readonly #rooms: Rooms;
  readonly #patience: Patience;
  readonly #loop: Loop;

  constructor(rooms: Rooms, patience: Patience) {
    this.#rooms = rooms;
    this.#patience = patience;
    this.#loop = new Loop('watching', rooms.log, () => this.#turn(), rooms.longestWaitMs);
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

  async #turn(): Promise<number> {
    if (!(await this.#hasRoom())) return EVERY_MS;
    await this.#endWhatIsOver();
    await raiseOverdue(this.#rooms, this.#patience);
    return EVERY_MS;
  }

  async #hasRoom(): Promise<boolean> {
    const { space } = this.#rooms.store;
    await space.probe().catch(() => undefined);
    return !space.full;
  }

  async #endWhatIsOver(): Promise<void> {
    const { store, clock, told, log, rings } = this.#rooms;
    const over = store.alarms.open(AT_ONCE).flatMap((alarm) => {
      const ending = endingOf(this.#rooms, alarm);
      return ending === undefined ? [] : [{ alarm, ending }];
    });
    if (over.length === 0) return;
    await store.write(() => {
      for (const { alarm, ending } of over) store.alarms.end(alarm.id, clock.now(), ending, told);
    });
    for (const { alarm, ending } of over) {
      const { sender: afzender, message: bericht, kind: soort } = alarm;
      log.info({ soort, afzender, bericht, staat: ending }, 'an alarm is over');
    }
    rings.alarms();
  }
}
