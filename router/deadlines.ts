/**
 * What must have happened by when. A deadline is one small record under one key: kind, time, and
 * data without content. It survives every process; one process at a time acts on what is due
 * (deadlines/keeper.ts), by a handler for each kind that may safely be run again.
 */
import type { Bucket, Bus } from './bus/bus.ts';

/** What a record may hold besides its time: ids, codes, numbers. Never personal data. */
export type DeadlineData = Readonly<Record<string, string | number | readonly string[]>>;

export interface Deadline {
  /** Letters, digits, dots and dashes: `<kind>.<what it is about>` as a rule. */
  readonly key: string;
  readonly kind: string;
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly data: DeadlineData;
}

export interface Deadlines {
  /** Stored when it resolves. One that is open under this key stays as it is. @throws BusFault */
  open(deadline: Deadline): Promise<void>;
  /** @throws BusFault */
  find(key: string): Promise<Deadline | undefined>;
  /** Replaces what is open under this key. @throws BusFault */
  move(deadline: Deadline): Promise<void>;
  /** Nothing happens when it is not open. @throws BusFault */
  close(key: string): Promise<void>;
  /**
   * Replaces exactly this one, or closes it (null).
   * @returns false when it was closed or is another by now: then nothing happens
   * @throws BusFault
   */
  replace(from: Deadline, to: Deadline | null): Promise<boolean>;
  /**
   * Tells of every open deadline (all of them before it resolves), then of each change (null = it was
   * closed), until the returned function is called.
   */
  follow(onChange: (key: string, deadline: Deadline | null) => void): Promise<() => void>;
}

export function openDeadlines(bus: Bus): Deadlines {
  let opened: Promise<Bucket> | undefined;
  const bucket = () => {
    opened ??= bus.bucket('deadlines');
    return opened;
  };
  return {
    async open(deadline) {
      await (await bucket()).swap(deadline.key, write(deadline), 0);
    },
    async find(key) {
      const found = await (await bucket()).get(key);
      return found === null ? undefined : read(key, found.value);
    },
    async move(deadline) {
      await (await bucket()).put(deadline.key, write(deadline));
    },
    close: async (key) => (await bucket()).remove(key),
    async replace(from, to) {
      const found = await (await bucket()).get(from.key);
      if (found === null || !write(from).equals(found.value)) return false;
      if (to !== null)
        return typeof (await (await bucket()).swap(to.key, write(to), found.revision)) === 'number';
      await (await bucket()).remove(from.key);
      return true;
    },
    async follow(onChange) {
      return (await bucket()).watch((key, value) =>
        onChange(key, value === null ? null : read(key, value)),
      );
    },
  };
}

const write = ({ key: _, ...rest }: Deadline): Buffer => Buffer.from(JSON.stringify(rest));

/** The router wrote it: one that cannot be read is a fault, never a missing deadline. */
const read = (key: string, value: Uint8Array): Deadline => ({
  key,
  ...(JSON.parse(Buffer.from(value).toString()) as Omit<Deadline, 'key'>),
});
