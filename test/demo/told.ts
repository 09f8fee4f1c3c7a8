/** What came of each message and of each attempt that had to fail: the lines of the demo's tables. */
import type { Track } from '../../adapters/track.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { STATES, type State } from '../../schemas/states.ts';
import { type Desk, type Posted, statedOf } from '../town/desk.ts';

/** One copy of one message. */
export interface Told {
  readonly message: string;
  readonly berichttype: string;
  readonly bericht: Uuid7;
  readonly from: string;
  readonly to: string;
  readonly states: readonly { readonly staat: State; readonly op: string }[];
  /** Milliseconds from handing in to the state, as the sender's own system saw it. */
  readonly seen: Partial<Record<State, number>>;
  /** The recipient's receipt, the sender's outbox and the opened message name the same SHA-256. */
  readonly digestMatch: boolean;
  readonly expected: readonly State[];
  readonly asExpected: boolean;
}

export interface Refused {
  readonly attempt: string;
  readonly from: string;
  readonly expected: string;
  readonly got: string;
  readonly asExpected: boolean;
}

/** A message on its way: follows it for its sender, and remembers when each state was first seen. */
export class Followed {
  readonly #started: number;
  readonly #seen = new Map<string, number>();
  readonly #from: Desk;
  readonly posted: Posted;

  constructor(from: Desk, posted: Posted, started: number) {
    this.#started = started;
    this.#from = from;
    this.posted = posted;
    this.#started = started;
  }

  /** Hands a message in and follows it. */
  static async send(from: Desk, draft: Parameters<Desk['send']>[0]): Promise<Followed> {
    const started = performance.now();
    return new Followed(from, await from.send(draft), started);
  }

  /** Waits until the sender has the recipient's receipt of this state. @returns milliseconds */
  async until(to: Desk, state: State): Promise<number> {
    await this.#from.untilState(this.posted.bericht, to.oin, state);
    const key = `${to.oin} ${state}`;
    const ms = this.#seen.get(key) ?? performance.now() - this.#started;
    this.#seen.set(key, ms);
    return ms;
  }

  /** The line of the table for one copy, held against what was expected of it. */
  async tell(message: string, to: Desk, expected: readonly State[]): Promise<Told> {
    const { bericht } = this.posted;
    const track = await this.#from.track(bericht);
    const copy = track.ontvangers.find(({ oin }) => oin === to.oin);
    const opened = await to.open(this.#from.oin, bericht);
    const states = statesOf(track, to.oin);
    const digestMatch = copy?.digestGelijk === true && opened.digest === track.digest;
    return {
      ...{ message, bericht, states, digestMatch, expected },
      berichttype: track.berichttype,
      from: this.#from.kort,
      to: to.kort,
      seen: this.#seenBy(to.oin),
      asExpected: digestMatch && states.map(({ staat }) => staat).join() === expected.join(),
    };
  }

  #seenBy(oin: Oin): Partial<Record<State, number>> {
    const mine = [...this.#seen].filter(([key]) => key.startsWith(oin));
    return Object.fromEntries(mine.map(([key, ms]) => [key.split(' ')[1], Math.round(ms)]));
  }
}

/** In the order in which they can follow one another, whatever the clock of each said. */
const ORDER = Object.keys(STATES) as State[];
const statesOf = (track: Track, recipient: Oin) => {
  const stated = statedOf(track, recipient);
  return ORDER.flatMap((staat) => {
    const moment = stated.find((one) => one.staat === staat);
    return moment === undefined ? [] : [{ staat, op: moment.op }];
  });
};
