/** The register as the pipeline uses it: always one whole, verified version, swapped when a newer one is published. */
import type { Certificate } from '../../certs/certificate.ts';
import { type Bus, BusFault } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import { createRegister, type Register } from '../registry.ts';
import { openPin, type Pin } from './pin.ts';
import { RegisterReader } from './read-register.ts';
import { RegisterStore } from './store.ts';

export interface LiveOptions {
  readonly bus: Bus;
  readonly registrar: readonly Certificate[];
  readonly log: Log;
  /** Nothing below this version is taken, whatever the broker says. */
  readonly lowest?: number;
  /** How often the pointer is looked at besides: a sign can be missed while the broker is away. */
  readonly lookMs?: number;
}

export class LiveRegister {
  readonly #store: RegisterStore;
  readonly #reader: RegisterReader;
  readonly #log: Log;
  readonly #pin: Pin;
  #current = createRegister([], 0);
  /** The version that was looked at last and was not good. */
  #refused: number | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stops: (() => void)[] = [];

  private constructor(store: RegisterStore, pin: Pin, { registrar, log }: LiveOptions) {
    this.#store = store;
    this.#reader = new RegisterReader(store, registrar);
    this.#log = log;
    this.#pin = pin;
  }

  /**
   * Starts with the version that holds now; with an empty register when there is none, or none that is
   * good.
   * @throws BusFault when the broker cannot say
   */
  static async open(options: LiveOptions): Promise<LiveRegister> {
    const store = new RegisterStore(await options.bus.bucket('registry'));
    const pin = await openPin(options.bus, options.lowest);
    const live = new LiveRegister(store, pin, options);
    await live.#take((await store.current())?.version ?? 0);
    const stopWatch = await store.watch((version) => live.#follow(version));
    const look = setInterval(() => live.#look(), options.lookMs ?? 5000).unref();
    live.#stops = [() => clearInterval(look), stopWatch];
    await live.#turn;
    return live;
  }

  get current(): Register {
    return this.#current;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  async #look(): Promise<void> {
    const found = await this.#store.current().catch(() => null);
    if (found !== null) this.#follow(found.version);
  }

  /** One after another, so that the last that was published is the last that is taken. */
  #follow(version: number): void {
    this.#turn = this.#turn
      .then(() => this.#take(version))
      .catch((err) => this.#log.warn({ err, version }, 'register not read'));
  }

  /** A register that is not good, or older than what is in use, changes nothing. */
  async #take(version: number): Promise<void> {
    const kept = this.#current.version;
    if (version === kept) await this.#pinned(version);
    if (version === kept || version === this.#refused) return;
    try {
      if (version < this.#pin.lowest) throw new Error('older than a register that was in use');
      this.#current = await this.#reader.read(version);
      this.#log.info({ version, agencies: this.#current.all().length }, 'register in use');
      await this.#pinned(version);
    } catch (err) {
      // Not to have been able to read it says nothing of the register: it is looked at again.
      if (err instanceof BusFault) throw err;
      this.#refused = version;
      this.#log.error({ err, version, kept, lowest: this.#pin.lowest }, 'register refused');
    }
  }

  /** What could not be written down now is written down at the next look. */
  async #pinned(version: number): Promise<void> {
    await this.#pin.raise(version).catch((err) => this.#log.warn({ err, version }, 'not pinned'));
  }
}
