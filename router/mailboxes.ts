/**
 * The mailboxes: what waits for an agency, sealed deliveries, and receipts and alarms. Two
 * queues each, urgent and normal. What was taken comes back after the lease unless it was erased.
 */
import { LRUCache } from 'lru-cache';
import { type Digest, type NoteId, type Oin, toNoteId, type Uuid7 } from '../schemas/ids.ts';
import { type Bus, isConflict, type Log, type Queue, type Stored } from './bus/bus.ts';
import { PRIOS, type Prio, readMailbox, subjects } from './bus/subjects.ts';
import { type Kind, notesAt, type Place, subjectOf } from './mailboxes/places.ts';
import { type Level, Tally } from './mailboxes/tally.ts';

export type { Kind, Place };

export interface Label extends Place {
  readonly kind: Kind;
  /** SHA-256 of the JWS: of the message that is sealed inside, or of the receipt. */
  readonly dig: Digest;
  /** Seconds since 1970: the end of a message. */
  readonly exp?: number;
  /** Of a copy of a case event: the subscriptions of its recipient that it is for. */
  readonly voor?: readonly Uuid7[];
}

export interface Item extends Label {
  readonly text: string;
}

/** Another item lies in this place. */
export class OtherItem extends Error {
  override readonly name = 'OtherItem';
}

/** Bytes of items in one answer, and of one item at most: what is taken always fits in an answer. */
const ROOM = 3_000_000;
const LARGEST = 600_000;
/** Subject and headers of an item weigh less than this; each subscription that it is for, so much more. */
const AROUND = 1_000;
const EACH = 40;

const HEADER = {
  ...{ kind: 'Ketenpost-Soort', dig: 'Ketenpost-Dig', exp: 'Ketenpost-Einde' },
  voor: 'Ketenpost-Abonnementen',
} as const;

export class Mailboxes {
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #leaseMs: number;
  readonly #queues = new Map<string, Promise<Queue>>();
  /** Where this process saw items that it gave out, so that to erase one need not fetch it again. */
  readonly #seen = new LRUCache<string, { seq: number; bytes: number }>({ max: 20_000 });
  readonly #tally: Tally;

  /** @param leaseMs how long what was taken is left alone before it is given again */
  constructor(bus: Bus, leaseMs: number) {
    this.#bus = bus;
    this.#leaseMs = leaseMs;
    this.#log = bus.log('MAILBOX');
    this.#tally = new Tally(bus);
  }

  /**
   * Stores it, unless exactly this lies there.
   * @throws OtherItem when another message or receipt lies there
   */
  async store(label: Label, text: string): Promise<void> {
    const { kind, dig, exp, voor = [] } = label;
    const headers = {
      [HEADER.kind]: kind,
      [HEADER.dig]: dig,
      ...(exp !== undefined && { [HEADER.exp]: `${exp}` }),
      ...(voor.length > 0 && { [HEADER.voor]: voor.join(',') }),
    };
    const subject = subjectOf(label);
    const data = Buffer.from(text);
    const result = await this.#log.put(subject, data, { headers, expect: 0 });
    if (!isConflict(result)) return this.#tally.note(label.recipient, 1, data.length);
    const there = await this.#log.last(subject);
    // Taken and settled in between is as good as there: it was there.
    if (there !== null && there.headers[HEADER.dig] !== dig) throw new OtherItem();
  }

  async has(place: Place): Promise<boolean> {
    return (await this.#log.last(subjectOf(place))) !== null;
  }

  /** Removes it and overwrites its bytes. Nothing happens when it is not there. */
  async erase(place: Place): Promise<void> {
    const subject = subjectOf(place);
    const find = () => this.#log.last(subject);
    await this.#takeAway(place.recipient, subject, find, (seq) => this.#log.erase(seq));
  }

  /**
   * Removes a receipt, an alarm or a notice that its addressee has stored, of exactly this signer;
   * deliveries go by their receipts only.
   * The same receipt is kept for months in its own stream: to overwrite this copy would hide nothing.
   */
  async removeSeen(recipient: Oin, note: NoteId): Promise<void> {
    const find = async () => {
      const found = await Promise.all(notesAt(recipient, note).map((at) => this.#log.last(at)));
      return found.find((one) => one !== null) ?? null;
    };
    const key = seenKey(recipient, note);
    await this.#takeAway(recipient, key, find, (seq) => this.#log.remove(seq));
  }

  /**
   * Overwrites exactly this one, as it was found by its number, and not what lies in its place by now.
   * @returns whether it was there
   */
  async eraseFound({ seq, subject, size }: Omit<Stored, 'data'>): Promise<boolean> {
    if (!(await this.#log.erase(seq))) return false;
    this.#tally.note(readMailbox(subject).recipient, -1, size);
    return true;
  }

  /** Takes away what was seen under this key; when that is not there any more, what `find` finds. */
  async #takeAway(
    recipient: Oin,
    key: string,
    find: () => Promise<Stored | null>,
    takeAway: (seq: number) => Promise<boolean>,
  ): Promise<void> {
    const known = this.#seen.get(key);
    this.#seen.delete(key);
    if (known !== undefined && (await takeAway(known.seq))) {
      return this.#tally.note(recipient, -1, known.bytes);
    }
    const there = await find();
    if (there === null || keyOf(read(there)) !== key) return;
    if (await takeAway(there.seq)) this.#tally.note(recipient, -1, there.size);
  }

  /** Urgent first. `more` when something may be left. */
  async take(
    recipient: Oin,
    most: number,
    prios: readonly Prio[] = PRIOS,
  ): Promise<{ items: Item[]; more: boolean }> {
    const items: Item[] = [];
    let room = ROOM;
    for (const prio of prios) {
      const wanted = most - items.length;
      const taken = await this.#takeFrom(recipient, prio, wanted, room);
      items.push(...taken);
      room -= taken.reduce((sum, item) => sum + weightOf(item), 0);
      // The next one may not have fitted.
      if (taken.length === wanted || room < LARGEST) return { items, more: true };
    }
    return { items, more: false };
  }

  async #takeFrom(recipient: Oin, prio: Prio, most: number, room: number): Promise<Item[]> {
    const queue = await this.#queue(recipient, prio);
    return (await queue.take(most, room)).map((stored) => {
      const item = read(stored);
      this.#seen.set(keyOf(item), { seq: stored.seq, bytes: stored.size });
      return item;
    });
  }

  /** The queue of one lane, made at first use; when that fails, it is made again the next time. */
  #queue(recipient: Oin, prio: Prio): Promise<Queue> {
    const name = `${recipient}-${prio}`;
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const filter = subjects.mailboxOf(recipient, prio);
    const queue = this.#bus.queue('MAILBOX', name, filter, this.#leaseMs);
    this.#queues.set(name, queue);
    queue.catch(() => this.#queues.delete(name));
    return queue;
  }

  /** Every item that lies in a mailbox now, oldest first, without its text. For admin work. */
  async *labels(): AsyncGenerator<Label> {
    for await (const stored of this.#log.list(subjects.mailboxes, 1, { headersOnly: true })) {
      yield labelOf(stored);
    }
  }

  /** How much lies in a mailbox, by the counters (mailboxes/tally.ts). */
  level(recipient: Oin): Level {
    return this.#tally.of(recipient);
  }

  /** Keeps the counters right until the returned function is called. See Tally.start. */
  keepCount(onChange: Parameters<Tally['start']>[0]): Promise<() => void> {
    return this.#tally.start(onChange);
  }

  /** A sign to whoever polls for this agency. */
  announce(recipient: Oin): void {
    this.#bus.notify(subjects.notice(recipient));
  }
}

const weightOf = ({ text, voor = [] }: Item): number => text.length + AROUND + voor.length * EACH;

/** A delivery is erased by its place, anything else by its addressee, signer and id: neither under the other's name. */
const keyOf = (item: Item): string =>
  item.kind === 'aflevering'
    ? subjectOf(item)
    : seenKey(item.recipient, toNoteId(item.from, item.id));
const seenKey = (recipient: Oin, note: NoteId): string => `${recipient} ${note}`;

function read({ subject, headers, data }: Stored): Item {
  const [exp, voor] = [headers[HEADER.exp], headers[HEADER.voor]];
  return {
    ...readMailbox(subject),
    kind: headers[HEADER.kind] as Kind,
    dig: headers[HEADER.dig] as Digest,
    ...(exp !== undefined && { exp: Number(exp) }),
    ...(voor !== undefined && { voor: voor.split(',') as Uuid7[] }),
    text: Buffer.from(data).toString(),
  };
}

/** What a stored item says of itself; of one that was read without its content too. */
export function labelOf(stored: Stored): Label {
  const { text: _, ...label } = read(stored);
  return label;
}
