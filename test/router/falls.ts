/** A pipeline that falls between two writes: one of them fails, before or after it was done. */
import type { Bucket, BucketName, Bus, Log } from '../../router/bus/bus.ts';

const BUCKETS: Partial<Record<BucketName, string>> = {
  deadlines: 'DEADLINE open',
  raadplegingen: 'CONSULTATION change',
  abonnementen: 'SUBSCRIPTION change',
};

/** Which write, counted from one, and whether it was done. */
export interface Fall {
  readonly at: number;
  readonly done: boolean;
}

/** Counts the writes of a bus, and lets one of them fail. */
export class Falls {
  count = 0;
  names: string[] = [];
  #fall: Fall | undefined;
  constructor(fall?: Fall) {
    this.#fall = fall;
  }
  /** Counts anew. */
  again(fall?: Fall): void {
    [this.count, this.names, this.#fall] = [0, [], fall];
  }
  wrap = (bus: Bus): Bus => ({
    ...bus,
    log: (name) => this.#wrapLog(bus.log(name), name),
    bucket: async (name) => {
      const bucket = await bus.bucket(name);
      const what = BUCKETS[name];
      if (what === undefined) return bucket;
      const swap: Bucket['swap'] = (...args) => this.#attempt(what, () => bucket.swap(...args));
      const put: Bucket['put'] = (...args) => this.#attempt(what, () => bucket.put(...args));
      return { ...bucket, swap, put };
    },
  });

  async #attempt<T>(what: string, write: () => Promise<T>): Promise<T> {
    const mine = ++this.count;
    this.names.push(what);
    if (mine !== this.#fall?.at) return write();
    if (this.#fall.done) await write();
    throw new Error('fell');
  }

  #wrapLog(log: Log, name: string): Log {
    return {
      ...log,
      put: (...args) => this.#attempt(`${name} put`, () => log.put(...args)),
      erase: (seq) => this.#attempt(`${name} erase`, () => log.erase(seq)),
    };
  }
}
