/**
 * What a door remembers of items that were tried: when to try again. The texts stay in the mailbox.
 * A door that starts anew has forgotten it, and tries once at once.
 */
import { LRUCache } from 'lru-cache';
import type { Piece } from '../../questions.ts';

interface Note {
  readonly attempts: number;
  /** Monotonic milliseconds. */
  readonly dueAt: number;
}

/** So many may wait for their next try in one lane; then nothing new is taken until one is due. */
const MOST_WAITING = 1000;

/** Longer than any loan. */
const FORGET_MS = 15 * 60_000;

const keyOf = ({ soort, afzender, bericht }: Piece): string => `${soort} ${afzender} ${bericht}`;

export class Memory {
  readonly #notes = new LRUCache<string, Note>({ max: 2 * MOST_WAITING });
  readonly #busy = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether to try this now. */
  isDue(piece: Piece): boolean {
    const key = keyOf(piece);
    return !this.#busy.has(key) && (this.#notes.get(key)?.dueAt ?? 0) <= this.#now();
  }

  begin(piece: Piece): void {
    this.#busy.add(keyOf(piece));
  }

  end(piece: Piece): void {
    this.#busy.delete(keyOf(piece));
  }

  attempts(piece: Piece): number {
    return this.#notes.get(keyOf(piece))?.attempts ?? 0;
  }

  later(piece: Piece, attempts: number, waitMs: number): void {
    this.#notes.set(keyOf(piece), { attempts, dueAt: this.#now() + waitMs });
  }

  forget(piece: Piece): void {
    this.#notes.delete(keyOf(piece));
  }

  /** Milliseconds until something may be taken: 0 unless too many wait. */
  fullFor(): number {
    if (this.#notes.size < MOST_WAITING) return 0;
    return Math.max(0, this.#nextDue() - this.#now());
  }

  /** Milliseconds until the first that waits is due; Infinity when none waits. */
  nextIn(): number {
    return Math.max(0, this.#nextDue() - this.#now());
  }

  /** What is long due and was not seen again has left the mailbox by another way. */
  #nextDue(): number {
    let next = Infinity;
    const old = this.#now() - FORGET_MS;
    for (const [key, { dueAt }] of this.#notes.entries()) {
      if (dueAt < old) this.#notes.delete(key);
      else next = Math.min(next, dueAt);
    }
    return next;
  }
}
