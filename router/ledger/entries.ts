import type { Stored } from '../bus/bus.ts';

/** The entries of the ledger, walked once beside the chain. */
export class Entries {
  readonly #source: AsyncIterator<Stored>;
  #here: Stored | undefined;
  #done = false;

  constructor(source: AsyncIterable<Stored>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The entry with this number, if it is there. Numbers may only be asked for in order. */
  async at(seq: number): Promise<Stored | undefined> {
    while (!this.#done && (this.#here === undefined || this.#here.seq < seq)) await this.#step();
    return this.#here?.seq === seq ? this.#here : undefined;
  }

  /** How many there are after this number. */
  async rest(last: number): Promise<number> {
    let count = 0;
    await this.at(last + 1);
    for (; !this.#done; await this.#step()) {
      if (this.#here !== undefined && this.#here.seq > last) count++;
    }
    return count;
  }

  async #step(): Promise<void> {
    const { value, done } = await this.#source.next();
    this.#done = done === true;
    this.#here = this.#done ? undefined : value;
  }
}
