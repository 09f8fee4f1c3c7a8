/**
 * Writes received messages into in/, each as one file that appears whole. The agency's system takes
 * the file away when it has the message: then the adapter states `verwerkt`.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../../schemas/refusal.ts';
import { tryEach } from '../../loop.ts';
import type { Rooms } from '../../rooms.ts';
import { settle } from '../../settle.ts';
import type { Handover, HandoverState } from '../../store/handovers.ts';
import { openWithRadar } from '../../view.ts';
import { writeWhole } from '../files.ts';
import type { Places } from './places.ts';

const AT_ONCE = 50;
const LOOKED_AT = 10_000;

const fileNameOf = ({ sender, message }: Handover): string => `${sender}-${message}.json`;

export class HandingDown {
  readonly #rooms: Rooms;
  readonly #places: Places;

  constructor(rooms: Rooms, places: Places) {
    this.#rooms = rooms;
    this.#places = places;
  }

  async turn(): Promise<void> {
    const { store, clock } = this.#rooms;
    const due = store.handovers.due('folder', clock.now(), AT_ONCE);
    const steps = [() => tryEach(due, (one) => this.#write(one)), () => this.#lookWhatIsTaken()];
    await tryEach(steps, (step) => step());
  }

  async #lookWhatIsTaken(): Promise<void> {
    // Without its marker the folder may be another one, or a disk that is not there.
    if (!existsSync(this.#places.marker)) return;
    for (const one of this.#rooms.store.handovers.written(LOOKED_AT)) {
      if (!existsSync(join(this.#places.in, fileNameOf(one)))) await this.#takenAway(one);
    }
  }

  async #write(handover: Handover): Promise<void> {
    const { sender, message } = handover;
    const opened = await openWithRadar(this.#rooms, { sender, jti: message });
    const path = join(this.#places.in, fileNameOf(handover));
    writeWhole(path, `${JSON.stringify(opened, undefined, 2)}\n`);
    // Destroyed between opening and writing: nobody else would take this file away.
    if (this.#rooms.store.destructions.get(sender, message)) rmSync(path, { force: true });
    await this.#move(handover, 'geschreven');
  }

  async #takenAway(handover: Handover): Promise<void> {
    const { sender, message } = handover;
    try {
      const how = { state: 'verwerkt', action: 'overgenomen', by: {} } as const;
      await settle(this.#rooms, { sender, jti: message }, how);
    } catch (error) {
      // A person rejected it meanwhile: that stands.
      if (!(error instanceof Refusal)) throw error;
    }
    await this.#move(handover, 'gelukt');
  }

  #move(handover: Handover, state: HandoverState): Promise<void> {
    const { store } = this.#rooms;
    const attempts = handover.attempts + 1;
    return store.write(() => store.handovers.progress({ ...handover, state, attempts }));
  }
}
