import { Refusal } from '../schemas/refusal.ts';
import { PRIOS, type Prio } from './bus/subjects.ts';

export interface LaneLimits {
  /** Worked on at the same time. */
  readonly inFlight: number;
  /** May wait in one lane; more are told to come back. */
  readonly waiting: number;
}

/** Who waits, in a row for each party: the first key is the one whose turn it is. */
type Rows = Map<string, { readonly go: () => void; readonly refuse: (why: Refusal) => void }[]>;

/**
 * Bounds how much is worked on at once. Urgent work goes before normal work that waits, and a quarter
 * of the places is never given to normal work. Within a lane the parties take turns; when it is full,
 * whoever has most waiting there loses its last: a flood of one party keeps nobody else out.
 */
export class Lanes {
  readonly #limits: LaneLimits;
  /** Normal work has so many places at most. */
  readonly #normal: number;
  readonly #rows: Record<Prio, Rows> = { spoed: new Map(), normaal: new Map() };
  readonly #waiting: Record<Prio, number> = { spoed: 0, normaal: 0 };
  readonly #busy: Record<Prio, number> = { spoed: 0, normaal: 0 };

  constructor(limits: LaneLimits) {
    this.#limits = limits;
    this.#normal = limits.inFlight - Math.floor(limits.inFlight / 4);
  }

  /**
   * @param party who asks: each has a row of its own
   * @throws Refusal temporarily-unavailable, when the lane is full and nobody has more waiting
   */
  async run<T>(prio: Prio, party: string, work: () => Promise<T>): Promise<T> {
    await this.#turn(prio, party);
    try {
      return await work();
    } finally {
      this.#busy[prio]--;
      this.#next();
    }
  }

  #turn(prio: Prio, party: string): Promise<void> | undefined {
    if (this.#hasPlace(prio)) {
      this.#busy[prio]++;
      return undefined;
    }
    if (this.#waiting[prio] >= this.#limits.waiting) this.#makeRoom(this.#rows[prio], party, prio);
    return new Promise((go, refuse) => {
      const rows = this.#rows[prio];
      const row = rows.get(party) ?? [];
      row.push({ go, refuse });
      rows.set(party, row);
      this.#waiting[prio]++;
    });
  }

  #hasPlace(prio: Prio): boolean {
    const { spoed, normaal } = this.#busy;
    if (spoed + normaal >= this.#limits.inFlight) return false;
    return prio === 'spoed' || normaal < this.#normal;
  }

  /** @throws Refusal when the party itself has most waiting */
  #makeRoom(rows: Rows, party: string, prio: Prio): void {
    const [longest, row] = [...rows].reduce((a, b) => (b[1].length > a[1].length ? b : a));
    const own = rows.get(party)?.length ?? 0;
    const full = new Refusal('temporarily-unavailable', 'too many messages wait');
    if (longest === party || row.length <= own + 1) throw full;
    row.pop()?.refuse(full);
    this.#waiting[prio]--;
  }

  /** Hands free places to the most urgent lane, there to whose turn it is. */
  #next(): void {
    for (const prio of PRIOS) {
      while (this.#waiting[prio] > 0 && this.#hasPlace(prio)) {
        this.#busy[prio]++;
        this.#waiting[prio]--;
        takeTurn(this.#rows[prio])?.();
      }
    }
  }
}

/** The first of whose turn it is; then that party stands behind all others. */
function takeTurn(rows: Rows): (() => void) | undefined {
  const [turn] = rows;
  if (turn === undefined) return undefined;
  const [party, row] = turn;
  const first = row.shift();
  rows.delete(party);
  if (row.length > 0) rows.set(party, row);
  return first?.go;
}
