/** A bus whose writes can be made to fail from the nth on, as they do when the process dies. */
import type { Bucket, Bus, Log } from '../../../router/bus/bus.ts';

export interface Fall {
  /** The write at which the process dies, from one. */
  readonly at: number;
  /** Whether that write was still done. */
  readonly done: boolean;
}

export class Falls {
  #fall: Fall | undefined;
  #writes = 0;
  #dead = false;

  arm(fall: Fall | undefined): void {
    [this.#fall, this.#writes, this.#dead] = [fall, 0, false];
  }

  /** @returns whether it came to the fall */
  disarm(): boolean {
    const fell = this.#dead;
    this.arm(undefined);
    return fell;
  }

  wrap = (bus: Bus): Bus => ({
    ...bus,
    log: (name) => this.#wrapLog(bus.log(name)),
    bucket: async (name) => this.#wrapBucket(await bus.bucket(name)),
  });

  #wrapBucket(bucket: Bucket): Bucket {
    return {
      ...bucket,
      put: (...args) => this.#write(() => bucket.put(...args)),
      swap: (...args) => this.#write(() => bucket.swap(...args)),
      remove: (...args) => this.#write(() => bucket.remove(...args)),
    };
  }

  #wrapLog(log: Log): Log {
    return {
      ...log,
      put: (...args) => this.#write(() => log.put(...args)),
      erase: (seq) => this.#write(() => log.erase(seq)),
      remove: (seq) => this.#write(() => log.remove(seq)),
    };
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    const fall = this.#fall;
    if (fall === undefined) return write();
    if (!this.#dead && ++this.#writes === fall.at) {
      this.#dead = true;
      if (fall.done) await write();
    }
    if (this.#dead) throw new Error('fell');
    return write();
  }
}

export const tellFall = (fall: Fall | undefined): string =>
  fall === undefined
    ? ''
    : `; the pipeline dies ${fall.done ? 'after' : 'before'} write ${fall.at}`;
