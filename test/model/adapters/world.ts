/** Two real adapters on real stores, and a router between them that loses and forgets on demand. */
import type { Agency } from '../../../adapters/agency.ts';
import { openStand, type Stand } from '../../adapters/stand.ts';
import { AGENCIES } from '../../town/agencies.ts';

export const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
export type Name = 'politie' | 'vt';

/** What the model remembers: what was handed in, and what was seen to be true. */
export interface Model {
  readonly sent: string[];
  /** What VT's people decided. */
  readonly decided: Map<string, 'verwerkt' | 'afgewezen'>;
  /** States through which each message was seen to go, at the sender. */
  readonly seen: Map<string, string>;
  /** The receipt that was first signed for a fact, by message and state. */
  readonly signed: Map<string, string>;
  readonly up: Set<Name>;
}

export class World {
  readonly stand: Stand;
  readonly agencies = new Map<Name, Agency>();
  /** How many of the next submissions go wrong, and how. */
  failing = { count: 0, how: 'cut' as 'cut' | 'mute' };

  private constructor(stand: Stand) {
    this.stand = stand;
    stand.door.fault = (method, path) => {
      if (`${method} ${path}` !== 'POST /v1/berichten' || this.failing.count === 0)
        return undefined;
      this.failing.count -= 1;
      return { how: this.failing.how };
    };
  }

  static async open(): Promise<World> {
    const world = new World(await openStand());
    for (const name of ['politie', 'vt'] as const) await world.start(name);
    return world;
  }

  async start(name: Name): Promise<void> {
    this.agencies.set(name, await this.stand.start(name));
  }

  async stop(name: Name): Promise<void> {
    await this.agencies.get(name)?.stop();
    this.agencies.delete(name);
  }

  /** Its rooms while it runs. */
  rooms(name: Name) {
    return this.agencies.get(name)?.rooms;
  }

  async later(seconds: number): Promise<void> {
    this.stand.clock.move(seconds);
    await this.stand.freshLists();
    this.ring();
  }

  ring(): void {
    for (const { rooms } of this.agencies.values()) {
      rooms.rings.outbox();
      rooms.rings.replies();
    }
  }
}
