/** A fault as it is told: what it needs, what the town is built with, and how it happens. */
import type { AdapterClient } from '../town/adapter-client.ts';
import type { AgencyName } from '../town/agencies.ts';
import type { Part, Town, TownOptions } from '../town/town.ts';
import type { Chance } from './chance.ts';
import type { Load } from './load.ts';
import type { Systems } from './systems.ts';

/** Before the town: where it will lie. */
export interface Site {
  readonly folder: string;
  readonly quick: boolean;
  readonly chance: Chance;
}

/** The town at work, under load. */
export interface Stage extends Site {
  readonly town: Town;
  readonly systems: Systems;
  readonly load: Load;
  /** A part by the name of its process. */
  part(name: string): Part;
  say(text: string): void;
  /** The fault is over: recovery is counted from here. */
  healed(): void;
  /** Lets the load run on. */
  run(seconds: number): Promise<void>;
  /**
   * Lets the load run on, and says how many reports came to their recipient (or to this one) in that
   * time, once all that was on its way is there: none, when the fault stops everything.
   */
  passed(seconds: number, agency?: string): Promise<number>;
  /** Waits until so many more hand-overs have come. */
  delivered(more: number, seconds?: number): Promise<void>;
}

export interface Acted {
  /** How many times, or at which points. */
  readonly moments: string;
  readonly remarks?: readonly string[];
  /** The story found what it must find; absent = there was nothing to find but the counts. */
  readonly detected?: boolean;
}

export interface Play {
  readonly town?: Partial<TownOptions>;
  /** Reports a second, where it is not how many pass that counts but when. */
  readonly perSecond?: number;
  /** More adapters than the town has: through which each agency hands in and asks. */
  ready?(town: Town): Promise<Partial<Record<AgencyName, readonly AdapterClient[]>>>;
  act(stage: Stage): Promise<Acted>;
  end?(): Promise<void>;
}

export interface Story {
  readonly name: string;
  readonly fault: string;
  /** @returns what is missing here, so that the story cannot be told */
  needs?(): string | undefined;
  begin(site: Site): Promise<Play> | Play;
}
