/** Empties this agency's mailbox by long poll: gives receipts, takes deliveries and receipts, without end. */
import { isCode } from '../schemas/codes.ts';
import type { NoteId, Ophaalantwoord } from '../schemas/generated/wire.ts';
import { Refusal } from '../schemas/refusal.ts';
import { takeAlarm } from './alarms/take.ts';
import { confirm } from './confirm.ts';
import { receive } from './endpoint.ts';
import { kindOf } from './log.ts';
import { Loop } from './loop.ts';
import type { Replying } from './replying.ts';
import type { Rooms } from './rooms.ts';
import type { DueReply } from './store/replies.ts';
import { takeNotice } from './take-notice.ts';

const MOST = 25;
const MOST_REPLIES = 50;
/** As many as one ticket may name. */
const MOST_SEEN = 100;
/** What comes meanwhile comes in one answer: a poll costs as much as the work on a small message. */
const BREATH_MS = 20;
/** What one answer should weigh at most, so that large messages do not fill the memory. */
const AIM_BYTES = 4_000_000;
const MOST_SKEW_MS = 30_000;

export class Collecting {
  readonly #rooms: Rooms;
  readonly #loop: Loop;
  readonly #waitSeconds: number;
  #replying: Replying | undefined;
  #maximum = MOST;
  #waits = false;
  #toldApart = false;

  constructor(rooms: Rooms, waitSeconds: number) {
    this.#rooms = rooms;
    this.#waitSeconds = waitSeconds;
    this.#loop = new Loop(
      'collecting',
      rooms.log,
      (signal) => this.#turn(signal),
      rooms.longestWaitMs,
    );
  }

  start(replying: Replying): void {
    this.#replying = replying;
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Whether a poll waits for something to happen. */
  get waits(): boolean {
    return this.#waits;
  }

  async #turn(signal: AbortSignal): Promise<number> {
    const replies = this.#replying?.take(MOST_REPLIES) ?? [];
    const seen = this.#rooms.store.receipts.seen(MOST_SEEN);
    try {
      const answer = await this.#poll(replies, seen, signal);
      // At the same time, so that all of it shares its commits; the turn ends when each has ended.
      const work = [
        this.#replying?.settle(replies, answer.uitslagen),
        this.#forget(seen),
        this.#take(answer),
      ];
      for (const result of await Promise.allSettled(work))
        if (result.status === 'rejected') throw result.reason;
      return answer.meer ? 0 : BREATH_MS;
    } finally {
      this.#replying?.giveBack(replies);
    }
  }

  async #forget(seen: readonly NoteId[]): Promise<void> {
    const { store } = this.#rooms;
    if (seen.length > 0) await store.write(() => store.receipts.forget(seen));
  }

  async #poll(
    replies: readonly DueReply[],
    seen: readonly NoteId[],
    signal: AbortSignal,
  ): Promise<Ophaalantwoord> {
    const full = replies.length === MOST_REPLIES || seen.length === MOST_SEEN;
    const { ticket } = this.#rooms;
    const asked = {
      bewijs: await (seen.length > 0 ? ticket.withSeen(seen) : ticket.fresh()),
      maximum: this.#maximum,
      wachten: full ? 0 : this.#waitSeconds,
      ontvangstbewijzen: replies.map((one) => one.jws),
    };
    this.#setWaits(!full);
    try {
      const answer = await this.#rooms.door.collect(this.#rooms.oin, asked, signal);
      this.#compareClocks();
      if (!answer.ok) throw this.#refused(answer.problem.code);
      this.#adapt(answer.bytes, answer.value.afleveringen.length);
      return answer.value;
    } finally {
      this.#setWaits(false);
    }
  }

  /** The router refuses what is signed in its future: somebody should know before that happens. */
  #compareClocks(): void {
    const { door, log } = this.#rooms;
    const apart = Math.abs(door.skew) > MOST_SKEW_MS;
    if (apart && !this.#toldApart) {
      const seconds = Math.round(door.skew / 1000);
      log.warn({ seconds }, "the router's clock is ahead of ours by this much: set the clock");
    }
    this.#toldApart = apart;
  }

  #setWaits(waits: boolean): void {
    this.#waits = waits;
    if (waits) this.#replying?.ring();
  }

  /** The loop goes slower after this. */
  #refused(code: string): Refusal {
    if (code === 'ticket-invalid') this.#rooms.ticket.forget();
    return new Refusal(isCode(code) ? code : 'temporarily-unavailable');
  }

  /** Asks for as many items as will weigh what was aimed at. */
  #adapt(bytes: number, items: number): void {
    if (items === 0) return;
    this.#maximum = Math.max(1, Math.min(MOST, Math.floor(AIM_BYTES / (bytes / items))));
  }

  async #take(answer: Ophaalantwoord): Promise<void> {
    const { log } = this.#rooms;
    const { afleveringen, ontvangstbewijzen, alarmen = [], mededelingen = [] } = answer;
    const work = [
      ...afleveringen.map((item) => receive(this.#rooms, item)),
      ...ontvangstbewijzen.map((jws) => this.#confirm(jws)),
      ...alarmen.map((jws) => takeAlarm(this.#rooms, jws)),
      ...mededelingen.map((jws) => takeNotice(this.#rooms, jws)),
    ];
    for (const result of await Promise.allSettled(work)) {
      if (result.status === 'rejected')
        log.warn(kindOf(result.reason), 'an item stays in the mailbox');
    }
  }

  /** A receipt that does not count has been kept as evidence: that is all there is to do. */
  async #confirm(jws: string): Promise<void> {
    try {
      await confirm(this.#rooms, jws);
    } catch (error) {
      if (!(error instanceof Refusal) || error.retry) throw error;
    }
  }
}
