/** The register as the pipeline uses it: always one whole, verified version, swapped when a newer one is published. */
import type { Certificate } from '../../certs/certificate.ts';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import { createRegister, type Register } from '../registry.ts';
import { RegisterReader } from './read-register.ts';
import { openRegisterStore } from './store.ts';

export interface LiveRegister {
  readonly current: Register;
  stop(): void;
}

/** Starts with the version that holds now; with an empty register when there is none. */
export async function openLiveRegister(options: {
  readonly bus: Bus;
  readonly registrar: readonly Certificate[];
  readonly log: Log;
}): Promise<LiveRegister> {
  const { bus, registrar, log } = options;
  const store = openRegisterStore(await bus.bucket('registry'));
  const reader = new RegisterReader(store, registrar);
  let current = createRegister([], 0);
  let turn = Promise.resolve();

  /** A register that is not good, or older than what is in use, changes nothing. */
  async function take(version: number): Promise<void> {
    if (version === current.version) return;
    try {
      if (!(version > current.version))
        throw new Error('the register went back to an older version');
      current = await reader.read(version);
      log.info({ version, agencies: current.all().length }, 'register in use');
    } catch (err) {
      log.error({ err, version, kept: current.version }, 'register refused');
    }
  }

  const follow = (version: number) => {
    turn = turn.then(() => take(version));
  };
  const stop = await store.watch(follow);
  await turn;
  return {
    get current() {
      return current;
    },
    stop,
  };
}
