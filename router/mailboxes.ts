/**
 * The mailboxes: what waits for an agency, sealed deliveries and receipts about what it sent. Two
 * queues each, urgent and normal. What was taken comes back after the lease unless it was erased.
 */
import { LRUCache } from 'lru-cache';
import type { Digest, Oin, Uuid7 } from '../schemas/ids.ts';
import { type Bus, isConflict, type Queue, type Stored } from './bus/bus.ts';
import { PRIOS, type Prio, readMailbox, subjects } from './bus/subjects.ts';

export type Kind = 'aflevering' | 'ontvangstbewijs';

/** Where an item lies: one for each recipient, sender and id. */
export interface Place {
  readonly recipient: Oin;
  readonly prio: Prio;
  /** The sender of a delivery; the issuer of a receipt. */
  readonly from: Oin;
  /** The jti of the message, or of the receipt. */
  readonly id: Uuid7;
}

export interface Label extends Place {
  readonly kind: Kind;
  /** SHA-256 of the JWS: of the message that is sealed inside, or of the receipt. */
  readonly dig: Digest;
  /** Seconds since 1970: the end of a message. */
  readonly exp?: number;
}

export interface Item extends Label {
  readonly text: string;
}

export interface Mailboxes {
  /**
   * Stores it, unless exactly this lies there.
   * @throws OtherItem when another message or receipt lies there
   */
  store(label: Label, text: string): Promise<void>;
  has(place: Place): Promise<boolean>;
  /** Removes it and overwrites its bytes. Nothing happens when it is not there. */
  erase(place: Place): Promise<void>;
  /** Removes a receipt that its addressee has stored. Deliveries go by their receipts only. */
  eraseReceipt(recipient: Oin, id: Uuid7): Promise<void>;
  /** Urgent first. `more` when something may be left. */
  take(recipient: Oin, most: number): Promise<{ items: Item[]; more: boolean }>;
  /** Deliveries past their end among the next `most` items from a sequence on, and where to go on. */
  ended(from: number, most: number, now: number): Promise<{ items: Label[]; next: number | null }>;
  /** A sign to whoever polls for this agency. */
  announce(recipient: Oin): void;
}

/** Another item lies in this place. */
export class OtherItem extends Error {
  override readonly name = 'OtherItem';
}

const LEASE_MS = 60_000;
/** Bytes of items in one answer, and of one item at most: what is taken always fits in an answer. */
const ROOM = 3_000_000;
const LARGEST = 600_000;

const HEADER = { kind: 'Ketenpost-Soort', dig: 'Ketenpost-Dig', exp: 'Ketenpost-Einde' } as const;

export function openMailboxes(bus: Bus): Mailboxes {
  const log = bus.log('MAILBOX');
  const queues = new Map<string, Promise<Queue>>();
  // Where this process saw items that it gave out, so that to erase one need not fetch it again.
  const seen = new LRUCache<string, number>({ max: 20_000 });
  const at = ({ recipient, prio, from, id }: Place) => subjects.mailbox(recipient, prio, from, id);

  /** The queue of one lane, made at first use; one that failed is made again the next time. */
  async function takeFrom(recipient: Oin, prio: Prio, most: number): Promise<Stored[]> {
    const name = `${recipient}-${prio}`;
    const filter = subjects.mailboxOf(recipient, prio);
    const queue = queues.get(name) ?? bus.queue('MAILBOX', name, filter, LEASE_MS);
    queues.set(name, queue);
    try {
      return await (await queue).take(most);
    } catch (error) {
      queues.delete(name);
      throw error;
    }
  }

  async function* drain(recipient: Oin, most: number): AsyncGenerator<Item> {
    let [count, bytes] = [0, 0];
    for (const prio of PRIOS) {
      for (;;) {
        const wanted = Math.min(most - count, Math.floor((ROOM - bytes) / LARGEST));
        if (wanted < 1) return;
        const taken = await takeFrom(recipient, prio, wanted);
        const items = taken.map(read);
        items.forEach((item, index) => {
          seen.set(keyOf(item), taken[index]?.seq ?? 0);
        });
        yield* items;
        count += items.length;
        bytes += items.reduce((sum, { text }) => sum + text.length, 0);
        if (items.length < wanted) break;
      }
    }
  }

  /** Erases what was seen under this key; when that is not there any more, what `find` finds. */
  async function eraseSeen(key: string, find: () => Promise<Stored | null>): Promise<void> {
    const known = seen.get(key);
    seen.delete(key);
    if (known !== undefined && (await log.erase(known))) return;
    const there = await find();
    if (there !== null && keyOf(read(there)) === key) await log.erase(there.seq);
  }

  return {
    async store(label, text) {
      const headers = {
        [HEADER.kind]: label.kind,
        [HEADER.dig]: label.dig,
        ...(label.exp !== undefined && { [HEADER.exp]: `${label.exp}` }),
      };
      const result = await log.put(at(label), Buffer.from(text), { headers, expect: 0 });
      if (!isConflict(result)) return;
      const there = await log.last(at(label));
      // Taken and settled in between is as good as there: it was there.
      if (there !== null && there.headers[HEADER.dig] !== label.dig) throw new OtherItem();
    },
    has: async (place) => (await log.last(at(place))) !== null,
    erase: (place) => eraseSeen(at(place), () => log.last(at(place))),
    eraseReceipt: (recipient, id) =>
      eraseSeen(receiptKey(recipient, id), () => log.next(1, subjects.mailboxItem(recipient, id))),
    async take(recipient, most) {
      const items: Item[] = [];
      let bytes = 0;
      for await (const item of drain(recipient, most)) {
        items.push(item);
        bytes += item.text.length;
      }
      return { items, more: items.length >= most || bytes > ROOM - LARGEST };
    },
    async ended(from, most, now) {
      const items: Label[] = [];
      let [next, looked] = [from, 0];
      for (; looked < most; looked++) {
        const stored = await log.next(next, subjects.mailboxes);
        if (stored === null) return { items, next: null };
        const { text: _, ...label } = read(stored);
        if (label.kind === 'aflevering' && (label.exp ?? 0) * 1000 <= now) items.push(label);
        next = stored.seq + 1;
      }
      return { items, next };
    },
    announce: (recipient) => bus.notify(subjects.notice(recipient)),
  };
}

/** A delivery is erased by its place, a receipt by its addressee and id: neither under the other's name. */
const keyOf = (item: Item): string =>
  item.kind === 'ontvangstbewijs'
    ? receiptKey(item.recipient, item.id)
    : subjects.mailbox(item.recipient, item.prio, item.from, item.id);
const receiptKey = (recipient: Oin, id: Uuid7): string => `${recipient} ${id}`;

function read({ subject, headers, data }: Stored): Item {
  const exp = headers[HEADER.exp];
  return {
    ...readMailbox(subject),
    kind: headers[HEADER.kind] as Kind,
    dig: headers[HEADER.dig] as Digest,
    ...(exp !== undefined && { exp: Number(exp) }),
    text: Buffer.from(data).toString(),
  };
}
