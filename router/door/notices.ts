/**
 * Who waits for a mailbox. The door listens to every notice from its start, so that a notice that
 * comes between a question and the wait is not missed, and wakes who waits for that mailbox.
 */
import type { Oin } from '../../schemas/ids.ts';
import type { Bus } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';

/** One who waits. It counts from the moment it is made. */
export interface Watch {
  /** Resolves at a notice since the last call (or since the start), or after this long. */
  next(ms: number): Promise<void>;
  /** As a notice, for this one alone. */
  ring(): void;
  close(): void;
}

export interface Notices {
  watch(mailbox: Oin): Watch;
  /** From now on nobody waits any more. */
  drain(): void;
  readonly draining: boolean;
  close(): void;
}

export function openNotices(bus: Pick<Bus, 'listen'>): Notices {
  const waiting = new Map<string, Set<() => void>>();
  let draining = false;
  const wake = (subject: string) => {
    for (const ring of waiting.get(subject) ?? []) ring();
  };
  const stop = bus.listen(subjects.notices, wake);
  return {
    watch(mailbox) {
      const subject = subjects.notice(mailbox);
      const watch = newWatch(() => draining);
      const rings = waiting.get(subject) ?? new Set();
      waiting.set(subject, rings.add(watch.ring));
      const close = () => {
        rings.delete(watch.ring);
        if (rings.size === 0 && waiting.get(subject) === rings) waiting.delete(subject);
        watch.ring();
      };
      return { next: watch.next, ring: watch.ring, close };
    },
    drain() {
      draining = true;
      for (const subject of [...waiting.keys()]) wake(subject);
    },
    get draining() {
      return draining;
    },
    close: stop,
  };
}

/** A bell that remembers one ring. */
function newWatch(isOver: () => boolean) {
  let rung = false;
  let heard: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      heard?.();
    },
    async next(ms: number): Promise<void> {
      if (!rung && !isOver()) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          heard = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      heard = undefined;
    },
  };
}
