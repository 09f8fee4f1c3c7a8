/** The mailboxes of the fake router: in memory, each item given once until its lease is said to have run out. */
import { digestOf } from '../../certs/digest.ts';
import type { Postbusstuk } from '../../schemas/generated/wire.ts';
import type { NoteId, Oin } from '../../schemas/ids.ts';
import { noteOf } from '../town/note-of.ts';

interface Kept<T> {
  readonly what: T;
  given: boolean;
}
type Boxes<T> = Map<Oin, Map<string, Kept<T>>>;

export class FakeMailboxes {
  /** So many of the next receipts are taken by somebody else, who says that they were seen. */
  stolen = 0;
  /** What comes in now is taken by somebody else, and given when that loan is over. */
  lent = false;
  /** Called whenever something comes in. */
  onMail: () => void = () => undefined;
  readonly #deliveries: Boxes<Postbusstuk> = new Map();
  readonly #receipts: Boxes<string> = new Map();
  readonly #alarms: Boxes<string> = new Map();
  readonly #reminders: Boxes<string> = new Map();

  put(recipient: Oin, item: Postbusstuk): void {
    boxOf(this.#deliveries, recipient).set(digestOf(item.inhoud), { what: item, given: false });
    this.onMail();
  }

  putReceipt(to: Oin, jws: string): void {
    if (this.stolen > 0) {
      this.stolen -= 1;
      return;
    }
    boxOf(this.#receipts, to).set(digestOf(jws), { what: jws, given: this.lent });
    this.onMail();
  }

  putAlarm(to: Oin, jws: string): void {
    boxOf(this.#alarms, to).set(digestOf(jws), { what: jws, given: this.lent });
    this.onMail();
  }

  putReminder(to: Oin, jws: string): void {
    boxOf(this.#reminders, to).set(digestOf(jws), { what: jws, given: this.lent });
    this.onMail();
  }

  /** Leases ran out: whatever was not acknowledged is given again. */
  giveAgain(): void {
    for (const box of [
      ...this.#deliveries.values(),
      ...this.#receipts.values(),
      ...this.#alarms.values(),
      ...this.#reminders.values(),
    ]) {
      for (const one of box.values()) one.given = false;
    }
    this.onMail();
  }

  take(mailbox: Oin, most: number) {
    const deliveries = fresh(boxOf(this.#deliveries, mailbox), most);
    const receipts = fresh(boxOf(this.#receipts, mailbox), most);
    const alarms = fresh(boxOf(this.#alarms, mailbox), most);
    const reminders = fresh(boxOf(this.#reminders, mailbox), most);
    deliveries.sort((a, b) => (a.prio < b.prio ? 1 : -1));
    return { deliveries, receipts, alarms, reminders };
  }

  erase(mailbox: Oin, jti: string | undefined): void {
    const box = boxOf(this.#deliveries, mailbox);
    for (const [key, { what }] of box) if (what.bericht === jti) box.delete(key);
  }

  eraseNote(mailbox: Oin, note: NoteId): void {
    for (const boxes of [this.#receipts, this.#alarms, this.#reminders]) {
      const box = boxOf(boxes, mailbox);
      for (const [key, { what }] of box) if (noteOf(what) === note) box.delete(key);
    }
  }

  /** All deliveries that wait, given before or not, as a batch of the subscription profile. */
  events(mailbox: Oin): object[] {
    return [...boxOf(this.#deliveries, mailbox).values()].map(({ what }, at) => ({
      ...{ specversion: '1.0', id: `${what.afzender}.${what.bericht}`, source: 'urn:test' },
      ...{ type: 'nl.ketenpost.aflevering.v1', sequence: String(at + 1).padStart(20, '0') },
      ...{ datacontenttype: 'application/jose', data: what.inhoud },
    }));
  }

  alarmsWaiting = (oin: Oin): number => boxOf(this.#alarms, oin).size;
  remindersWaiting = (oin: Oin): number => boxOf(this.#reminders, oin).size;
  receiptsWaiting = (oin: Oin): number => boxOf(this.#receipts, oin).size;
}

function boxOf<T>(all: Boxes<T>, oin: Oin): Map<string, Kept<T>> {
  const own = all.get(oin) ?? new Map<string, Kept<T>>();
  all.set(oin, own);
  return own;
}

function fresh<T>(box: Map<string, Kept<T>>, most: number): T[] {
  const some = [...box.values()].filter((one) => !one.given).slice(0, most);
  for (const one of some) one.given = true;
  return some.map(({ what }) => what);
}
