/**
 * Subscriptions: which agency wants to be told of which case events, on which basis. One record each
 * in a bucket; every pipeline keeps them in memory, by watching it. What an agency gets lies in its
 * mailbox as everything else does: there is no second store.
 */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import type { Bucket, Bus } from './bus/bus.ts';
import { changeRecord } from './change-record.ts';
import type { CaseEvent } from './subscriptions/case-event.ts';
import { Shelves } from './subscriptions/shelves.ts';
import type { Subscription } from './subscriptions/subscription.ts';

type Name = Pick<Subscription, 'abonnee' | 'id'>;

export interface Subscriptions {
  /** Reads all that there are and follows them; what asks before that waits for it. @returns how to stop */
  start(): Promise<() => void>;
  /** As it is stored now. @throws BusFault */
  find(abonnee: Oin, id: Uuid7): Promise<Subscription | undefined>;
  /** @returns false when there is one under this id */
  begin(subscription: Subscription): Promise<boolean>;
  /** Changes it as it is by then, however many do so at once; `to` gives nothing where there is nothing to change. */
  change(name: Name, to: (found: Subscription) => Subscription | undefined): Promise<void>;
  erase(abonnee: Oin, id: Uuid7): Promise<void>;
  /** Those that want to be told of this event, oldest first, as this process knows them. */
  matching(event: CaseEvent): Promise<Subscription[]>;
  /** All of one agency, those that ended too, oldest first, as this process knows them. */
  of(abonnee: Oin): Promise<Subscription[]>;
}

export function openSubscriptions(bus: Bus): Subscriptions {
  const shelves = new Shelves();
  let bucket: Promise<Bucket> | undefined;
  let following: Promise<() => void> | undefined;
  const opened = () => {
    bucket ??= bus.bucket('abonnementen');
    bucket.catch(() => {
      bucket = undefined;
    });
    return bucket;
  };
  const follow = () => {
    following ??= opened().then((all) =>
      all.watch((key, value) => shelves.set(key, value && read(key, value))),
    );
    following.catch(() => {
      following = undefined;
    });
    return following;
  };
  return {
    start: follow,
    async find(abonnee, id) {
      const key = keyOf(abonnee, id);
      const found = await (await opened()).get(key);
      return found === null ? undefined : read(key, found.value);
    },
    async begin(subscription) {
      const key = keyOf(subscription.abonnee, subscription.id);
      const result = await (await opened()).swap(key, write(subscription), 0);
      if (typeof result !== 'number') return false;
      shelves.set(key, subscription);
      return true;
    },
    async change({ abonnee, id }, to) {
      const key = keyOf(abonnee, id);
      let next: Subscription | undefined;
      await changeRecord(await opened(), key, (value) => {
        next = value && to(read(key, value));
        return next && write(next);
      });
      // What this process wrote it need not wait to be told of.
      if (next !== undefined) shelves.set(key, next);
    },
    async erase(abonnee, id) {
      await (await opened()).remove(keyOf(abonnee, id));
      shelves.set(keyOf(abonnee, id), null);
    },
    async matching(event) {
      await follow();
      return shelves.matching(event);
    },
    async of(abonnee) {
      await follow();
      return shelves.of(abonnee);
    },
  };
}

/** An agency names its own: under that name those of others are not to be found. */
const keyOf = (abonnee: Oin, id: Uuid7): string => `${abonnee}.${id}`;

const write = ({ abonnee: _, id: __, ...record }: Subscription): Buffer =>
  Buffer.from(JSON.stringify(record));

/** The router wrote it: one that cannot be read is a fault, never a missing subscription. */
function read(key: string, value: Uint8Array): Subscription {
  const [abonnee, id] = key.split('.') as [Oin, Uuid7];
  const record = JSON.parse(Buffer.from(value).toString()) as Omit<Subscription, 'abonnee' | 'id'>;
  return { abonnee, id, ...record };
}
