/**
 * Work that comes in turns: a turn does what is due and says when there will be more. A loop wakes
 * at that time or when it is rung, goes slower while turns fail, and ends after the turn under way.
 */
import { kindOf, type Log } from './log.ts';

/** @returns milliseconds until the next turn, or null when only a ring brings work */
export type Turn = (signal: AbortSignal) => Promise<number | null>;

/** Never sleeps longer: a clock that was stepped, or a ring that was missed, costs this much at most. */
const LONGEST_SLEEP = 60_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

export class Loop {
  readonly #name: string;
  readonly #turn: Turn;
  readonly #longestPause: number;
  readonly #log: Log;
  readonly #ending = new AbortController();
  #rung = false;
  #failures = 0;
  #wake: (() => void) | undefined;
  #running: Promise<void> | undefined;

  /** @param longestPause milliseconds that a pause after failures grows to */
  constructor(name: string, log: Log, turn: Turn, longestPause = LONGEST_PAUSE) {
    this.#name = name;
    this.#log = log;
    this.#turn = turn;
    this.#longestPause = Math.min(longestPause, LONGEST_PAUSE);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** There is work now. A ring during a turn brings another turn. */
  ring(): void {
    this.#rung = true;
    // Whatever broke is given time: no ring shortens the pause after a failure.
    if (this.#failures === 0) this.#wake?.();
  }

  /** Lets the turn under way finish, and no other begin. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      this.#rung = false;
      const pause = await this.#attempt();
      await this.#sleep(pause);
    }
  }

  async #attempt(): Promise<number | null> {
    try {
      const pause = await this.#turn(this.#ending.signal);
      this.#failures = 0;
      return pause;
    } catch (error) {
      if (this.#ending.signal.aborted) return null;
      this.#failures += 1;
      this.#log.warn(
        { loop: this.#name, failures: this.#failures, ...kindOf(error) },
        'turn failed',
      );
      this.#rung = false;
      return (
        Math.min(FIRST_PAUSE * 2 ** (this.#failures - 1), this.#longestPause) *
        (0.5 + Math.random())
      );
    }
  }

  #sleep(pause: number | null): Promise<void> {
    if (this.#rung || this.#ending.signal.aborted) return Promise.resolve();
    return new Promise((done) => {
      const timer = setTimeout(done, Math.max(0, Math.min(pause ?? LONGEST_SLEEP, LONGEST_SLEEP)));
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

/**
 * Does one after the other; what fails holds up none of those after it.
 * @throws the first failure, when all were tried
 */
export async function tryEach<T>(all: readonly T[], work: (one: T) => unknown): Promise<void> {
  const failures: unknown[] = [];
  for (const one of all) {
    try {
      await work(one);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
