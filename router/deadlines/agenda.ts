/**
 * Open deadlines in memory, ordered by time: a heap, in which an entry that was moved or closed
 * stays until it comes up. What it costs to find what is due does not depend on how much is open.
 */
import type { Deadline } from '../deadlines.ts';

interface Entry {
  readonly due: number;
  readonly key: string;
}

export class Agenda {
  readonly #open = new Map<string, Deadline>();
  #heap: Entry[] = [];

  get size(): number {
    return this.#open.size;
  }

  get(key: string): Deadline | undefined {
    return this.#open.get(key);
  }

  /** Notes it, or that it was closed (null). */
  set(key: string, deadline: Deadline | null): void {
    if (deadline === null) this.#open.delete(key);
    else {
      this.#open.set(key, deadline);
      push(this.#heap, { due: deadline.due, key });
    }
    if (this.#heap.length > 2 * this.#open.size + 1000) this.#tidy();
  }

  /** Takes up to `most` that are due from the order; each stays open, and comes up again only when it is set again. */
  takeDue(now: number, most: number): Deadline[] {
    const found: Deadline[] = [];
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      const deadline = this.#open.get(top.key);
      const isCurrent = deadline?.due === top.due;
      if (isCurrent && (top.due > now || found.length === most)) break;
      pop(this.#heap);
      if (isCurrent && deadline && !found.includes(deadline)) found.push(deadline);
    }
    return found;
  }

  /** When the first is due; one that was moved or closed since may be meant. */
  get first(): number | undefined {
    return this.#heap[0]?.due;
  }

  #tidy(): void {
    this.#heap = [...this.#open.values()].map(({ due, key }) => ({ due, key }));
    // What is sorted is a heap.
    this.#heap.sort((a, b) => a.due - b.due);
  }
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (dueAt(heap, above) <= entry.due) break;
    swap(heap, at, above);
    at = above;
  }
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    const least = dueAt(heap, left + 1) < dueAt(heap, left) ? left + 1 : left;
    if (dueAt(heap, least) >= last.due) return;
    swap(heap, at, least);
    at = least;
  }
}

const dueAt = (heap: readonly Entry[], at: number): number =>
  heap[at]?.due ?? Number.POSITIVE_INFINITY;

function swap(heap: Entry[], a: number, b: number): void {
  const [one, other] = [heap[a], heap[b]];
  if (one !== undefined) heap[b] = one;
  if (other !== undefined) heap[a] = other;
}
