/** The register as the pipeline uses it: always one whole, verified version, swapped when a newer one is published. */
import type { Certificate } from '../../certs/certificate.ts';
import { type Bus, BusFault } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import { createRegister, type Register } from '../registry.ts';
import { RegisterReader } from './read-register.ts';
import { openRegisterStore } from './store.ts';

export interface LiveRegister {
  readonly current: Register;
  stop(): void;
}

export interface LiveOptions {
  readonly bus: Bus;
  readonly registrar: readonly Certificate[];
  readonly log: Log;
  /** How often the pointer is looked at besides: a sign can be missed while the broker is away. */
  readonly lookMs?: number;
}

/**
 * Starts with the version that holds now; with an empty register when there is none, or none that is
 * good.
 * @throws BusFault when the broker cannot say
 */
export async function openLiveRegister(options: LiveOptions): Promise<LiveRegister> {
  const { bus, registrar, log, lookMs = 5000 } = options;
  const store = openRegisterStore(await bus.bucket('registry'));
  const reader = new RegisterReader(store, registrar);
  let current = createRegister([], 0);
  let refused: number | undefined;

  /** A register that is not good, or older than what is in use, changes nothing. */
  async function take(version: number): Promise<void> {
    if (version === current.version || version === refused) return;
    try {
      if (version < current.version) throw new Error('the register went back to an older version');
      current = await reader.read(version);
      log.info({ version, agencies: current.all().length }, 'register in use');
    } catch (err) {
      // Not to have been able to read it says nothing of the register: it is looked at again.
      if (err instanceof BusFault) throw err;
      refused = version;
      log.error({ err, version, kept: current.version }, 'register refused');
    }
  }

  let turn = take((await store.current())?.version ?? 0);
  await turn;
  const follow = (version: number) => {
    turn = turn
      .then(() => take(version))
      .catch((err) => log.warn({ err, version }, 'register not read'));
  };
  const stopWatch = await store.watch(follow);
  const look = setInterval(async () => {
    const found = await store.current().catch(() => null);
    if (found !== null) follow(found.version);
  }, lookMs).unref();
  await turn;
  return {
    get current() {
      return current;
    },
    stop() {
      clearInterval(look);
      stopWatch();
    },
  };
}
