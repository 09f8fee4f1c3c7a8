/**
 * Acts on deadlines that are due. Every pipeline runs a keeper and one of them holds the lease: it
 * reads what is open when it gains the lease, follows changes, and looks at the clock each second.
 * A handler may be run again after a fall, so what it does must be the same done twice.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../schemas/clock.ts';
import type { Deadline, Deadlines } from '../deadlines.ts';
import type { Lease } from '../lease.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Agenda } from './agenda.ts';

/** What is left: another time, or nothing. */
export type Next = Pick<Deadline, 'due' | 'data'> | 'done';
export type Handler = (deadline: Deadline) => Promise<Next>;
export type Handlers = Readonly<Record<string, Handler>>;

export interface KeeperParts {
  readonly deadlines: Deadlines;
  readonly lease: Lease;
  /** By kind. A kind that is not here is left to another version of the router. */
  readonly handlers: Handlers;
  /** Runs each time that the lease was gained and what is open has been read. */
  readonly onGain?: (open: Pick<Agenda, 'get'>) => Promise<void>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** How often it looks at the clock, in milliseconds. */
  readonly everyMs?: number;
}

/** Handled at the same time, and in one go before the lease is looked at again. */
const AT_ONCE = 16;
/** Without the lease it is asked for every so many looks. */
const LOOKS_BETWEEN_ASKING = 5;
/** After a fault a deadline waits so long, doubled each time; by a clock that nobody can step. */
const AGAIN = { first: 1000, most: 300_000 };

/** @returns how to stop: what is under way is finished, and the lease is given back */
export function startDeadlines(parts: KeeperParts): () => Promise<void> {
  const stopping = new AbortController();
  const keeper = new Keeper(parts, stopping.signal);
  const running = keep(keeper, parts, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
    keeper.letGo();
    await parts.lease.release().catch(() => undefined);
  };
}

async function keep(keeper: Keeper, parts: KeeperParts, stopping: AbortSignal): Promise<void> {
  const { everyMs = 1000, metrics, log } = parts;
  while (!stopping.aborted) {
    let looks = 1;
    try {
      if (!(await keeper.look())) looks = LOOKS_BETWEEN_ASKING;
    } catch (err) {
      metrics.countFault('deadlines');
      log.error({ err }, 'deadlines failed');
    }
    await pause(everyMs * looks, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** What the holder of the lease knows. */
interface Held {
  readonly agenda: Agenda;
  readonly stop: () => void;
  /** Whether what is to be done at the gain of the lease was done. */
  begun: boolean;
}

/** One look at a time: `startDeadlines` looks each second; a test when it likes. */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #stopping: AbortSignal;
  #held: Held | undefined;
  /** How often each failed in a row, and when (performance.now) it may come up again. */
  readonly #failed = new Map<string, { readonly times: number; readonly again: number }>();

  constructor(parts: KeeperParts, stopping: AbortSignal) {
    this.#parts = parts;
    this.#stopping = stopping;
  }

  /** One look at the clock. @returns whether the lease is ours */
  async look(): Promise<boolean> {
    const { lease, clock, metrics } = this.#parts;
    if (!(await lease.hold())) {
      this.letGo();
      return false;
    }
    const held = await this.#gain();
    await this.#begin(held);
    const { agenda } = held;
    this.#bringBack(agenda);
    while (!this.#stopping.aborted && (await lease.hold())) {
      const due = agenda.takeDue(clock.now(), AT_ONCE);
      if (due.length === 0) break;
      await Promise.all(due.map((deadline) => this.#act(agenda, deadline)));
    }
    metrics.setDeadlines(agenda.size);
    return true;
  }

  async #gain(): Promise<Held> {
    if (this.#held !== undefined) return this.#held;
    const { deadlines, log } = this.#parts;
    const agenda = new Agenda();
    const stop = await deadlines.follow((key, deadline) => agenda.set(key, deadline));
    this.#held = { agenda, stop, begun: false };
    log.info({ open: agenda.size }, 'deadlines are ours to keep');
    return this.#held;
  }

  /** Tried at each look until it was done; what is open waits for it no longer than that. */
  async #begin(held: Held): Promise<void> {
    if (held.begun) return;
    const { onGain, metrics, log } = this.#parts;
    try {
      await onGain?.(held.agenda);
      held.begun = true;
    } catch (err) {
      metrics.countFault('deadlines');
      log.error({ err }, 'deadlines that are missing were not opened');
    }
  }

  /** Another acts from here on. */
  letGo(): void {
    this.#held?.stop();
    this.#held = undefined;
    this.#failed.clear();
  }

  async #act(agenda: Agenda, deadline: Deadline): Promise<void> {
    const { handlers, deadlines, metrics, log } = this.#parts;
    const { key, kind } = deadline;
    try {
      const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
      if (handler === undefined) return this.#later(key);
      // A watch that broke off, or a pause of ours, may have kept from us what others did.
      if (!(await this.#stands(agenda, deadline))) return;
      const next = this.#ahead(deadline, await handler(deadline));
      // The watch says the same, a moment later.
      if (await deadlines.replace(deadline, next)) agenda.set(key, next);
      else if (await this.#stands(agenda, deadline)) return this.#later(key);
      this.#failed.delete(key);
      metrics.countDeadline(kind);
    } catch (err) {
      metrics.countFault('deadline');
      log.error({ err, key }, 'deadline failed');
      this.#later(key);
    }
  }

  /** Whether it is open just so. When not, what there is takes its place in the order. */
  async #stands(agenda: Agenda, deadline: Deadline): Promise<boolean> {
    const found = await this.#parts.deadlines.find(deadline.key);
    if (found !== undefined && isDeepStrictEqual(found, deadline)) return true;
    agenda.set(deadline.key, found ?? null);
    return false;
  }

  /** Never due at once again: a handler that asks for the past must not keep the others waiting. */
  #ahead(deadline: Deadline, next: Next): Deadline | null {
    if (next === 'done') return null;
    const soonest = this.#parts.clock.now() + AGAIN.first;
    return { ...deadline, ...next, due: Math.max(next.due, soonest) };
  }

  #later(key: string): void {
    const times = (this.#failed.get(key)?.times ?? 0) + 1;
    const wait = Math.min(AGAIN.first * 2 ** (times - 1), AGAIN.most);
    this.#failed.set(key, { times, again: performance.now() + wait });
  }

  /** Those whose wait is over take their place in the order again. */
  #bringBack(agenda: Agenda): void {
    const now = performance.now();
    for (const [key, { times, again }] of this.#failed) {
      if (again > now) continue;
      this.#failed.set(key, { times, again: Number.POSITIVE_INFINITY });
      const deadline = agenda.get(key);
      if (deadline === undefined) this.#failed.delete(key);
      else agenda.set(key, deadline);
    }
  }
}
