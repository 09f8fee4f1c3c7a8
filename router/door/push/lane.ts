/**
 * Brings what waits in one lane of one mailbox: so many at a time, until it is told to stop. Urgent and
 * normal have a lane each, and each endpoint has its own, so that nobody waits for anybody else.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Oin } from '../../../schemas/ids.ts';
import type { Prio } from '../../bus/subjects.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { Piece } from '../../questions.ts';
import type { Inquiries } from '../inquiries.ts';
import type { Watch } from '../notices.ts';
import { handIn } from './hand-in.ts';
import { Memory } from './memory.ts';
import type { Outcome } from './outcome.ts';
import type { Mouth } from './post.ts';
import { pauseAfter, type Schedule, waitAfter } from './schedule.ts';

export interface LaneParts {
  readonly postbus: Oin;
  readonly prio: Prio;
  readonly mouth: Mouth;
  readonly watch: Watch;
  readonly inquiries: Pick<Inquiries, 'ask'>;
  readonly atOnce: number;
  readonly schedule: Schedule;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds since 1970. */
  now(): number;
  /** The endpoint said that it is gone. */
  onGone(): void;
}

/** What is to be tried again this soon is kept in hand: its loan outlasts it. */
const IN_HAND_MS = 10_000;
/** Sleeps are short, and looked at again. */
const MOST_SLEEP_MS = 15_000;
/** So many items in a row that were not taken: the endpoint is in trouble, and not they. */
const ROW = 5;

type Later = Extract<Outcome, { kind: 'later' }>;

export class Lane {
  readonly #parts: LaneParts;
  readonly #memory = new Memory(() => performance.now());
  readonly #work = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #failures = 0;
  #pausedUntil = 0;
  #told: string | undefined;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    void this.#run();
  }

  /** Ends what is under way: it stays in the mailbox, and is brought again. What was answered is still handed in. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#parts.watch.close();
    await Promise.all(this.#work);
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#turn();
      } catch (err) {
        // No pipeline answers, or it says no: what waits stays where it is.
        this.#parts.log.debug({ err, postbus: this.#parts.postbus }, 'nothing could be taken');
        await this.#parts.watch.next(this.#parts.schedule.look);
      }
    }
  }

  async #turn(): Promise<void> {
    const rest = Math.max(this.#pausedUntil - performance.now(), this.#memory.fullFor());
    if (rest > 0) return this.#sleep(rest);
    const room = this.#roomNow();
    if (room === 0) return void (await Promise.race(this.#work));
    const { inquiries, postbus, prio, schedule, watch } = this.#parts;
    const { stukken, meer } = await inquiries.ask('push', { postbus, prio, maximum: room });
    if (this.#stopped) return;
    const due = stukken.filter((piece) => this.#memory.isDue(piece));
    for (const piece of due) this.#start(piece);
    if (meer || due.length > 0) return;
    const next = Math.max(schedule.soon, this.#memory.nextIn());
    await watch.next(Math.min(schedule.look, next));
  }

  /** While the endpoint is in trouble, one item tries it. */
  #roomNow(): number {
    const most = this.#failures > 0 ? 1 : this.#parts.atOnce;
    return Math.max(0, most - this.#work.size);
  }

  #start(piece: Piece): void {
    this.#memory.begin(piece);
    const work = this.#bring(piece).finally(() => {
      this.#memory.end(piece);
      this.#work.delete(work);
    });
    this.#work.add(work);
  }

  async #bring(piece: Piece): Promise<void> {
    const wait = await this.#attempt(piece);
    if (wait === undefined || wait > IN_HAND_MS || this.#memory.attempts(piece) > 1) return;
    await this.#sleep(Math.max(wait, this.#pausedUntil - performance.now()), IN_HAND_MS);
    if (!this.#stopped && this.#pausedUntil <= performance.now()) await this.#attempt(piece);
  }

  /** @returns how long until the next try, when there is to be one */
  async #attempt(piece: Piece): Promise<number | undefined> {
    const { mouth, metrics, onGone } = this.#parts;
    const outcome = await mouth.post(piece, this.#stop.signal);
    if (this.#stopped) return undefined;
    if (outcome.kind === 'gone') {
      metrics.countPush('gone');
      onGone();
      return undefined;
    }
    if (outcome.kind === 'later') return this.#failed(piece, outcome);
    const said = await handIn(this.#parts, piece, outcome.said);
    metrics.countPush(said);
    this.#recovered();
    if (said !== 'delivered') return this.#again(piece, { slow: said === 'receipt-refused' });
    this.#memory.forget(piece);
    return undefined;
  }

  #failed(piece: Piece, outcome: Later): number {
    const { metrics, prio, schedule } = this.#parts;
    metrics.countPush(outcome.why);
    this.#failures += 1;
    if (outcome.whole || this.#failures >= ROW) {
      const rest = pauseAfter(schedule, prio, this.#failures, outcome.askedMs);
      this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + rest);
    }
    const wait = this.#again(piece, outcome);
    this.#tell(outcome, wait);
    return wait;
  }

  #again(piece: Piece, { slow, askedMs }: { slow: boolean; askedMs?: number }): number {
    const { prio, schedule, watch, now } = this.#parts;
    const attempts = this.#memory.attempts(piece) + 1;
    const leftMs = piece.exp === undefined ? undefined : piece.exp * 1000 - now();
    const wait = waitAfter(schedule, { prio, attempts, slow, askedMs, leftMs });
    this.#memory.later(piece, attempts, wait);
    // Whoever waits for news does not know of this one yet.
    watch.ring();
    return wait;
  }

  /** Once for each kind of trouble, not for each item. */
  #tell({ why, status }: Later, wait: number): void {
    const { log, postbus, prio } = this.#parts;
    const trouble = `${why} ${status ?? ''}`;
    if (this.#told === trouble) return;
    this.#told = trouble;
    const seconds = Math.round(wait / 1000);
    log.warn(
      { postbus, prio, why, status, seconds },
      'the endpoint did not take what was brought: it is tried again later',
    );
  }

  #recovered(): void {
    const { log, postbus, prio } = this.#parts;
    if (this.#told !== undefined) log.info({ postbus, prio }, 'the endpoint takes again');
    this.#told = undefined;
    this.#failures = 0;
    this.#pausedUntil = 0;
  }

  async #sleep(ms: number, most = MOST_SLEEP_MS): Promise<void> {
    await pause(Math.min(ms, most), undefined, { signal: this.#stop.signal }).catch(
      () => undefined,
    );
  }
}
