/**
 * Agencies take turns. So many submissions may be with the pipeline at the same time; those that
 * wait stand in a row of their own agency, and the rows are served one by one, round and round.
 * However long the row of one agency, another waits for one turn at most.
 */
import type { Oin } from '../../schemas/ids.ts';

export interface Turns {
  /** Runs the work when it is this agency's turn. */
  run<T>(agency: Oin, work: () => Promise<T>): Promise<T>;
}

export function newTurns(atOnce: number): Turns {
  let free = atOnce;
  // A Map keeps the order of insertion: the first key is the agency whose turn it is.
  const rows = new Map<Oin, (() => void)[]>();

  function callNext(): void {
    const [turn] = rows;
    if (turn === undefined || free === 0) return;
    const [agency, row] = turn;
    const next = row.shift();
    rows.delete(agency);
    if (row.length > 0) rows.set(agency, row);
    free -= 1;
    next?.();
  }

  function wait(agency: Oin): Promise<void> {
    return new Promise((resolve) => {
      const row = rows.get(agency) ?? [];
      row.push(resolve);
      rows.set(agency, row);
      callNext();
    });
  }

  return {
    async run(agency, work) {
      await wait(agency);
      try {
        return await work();
      } finally {
        free += 1;
        callNext();
      }
    },
  };
}
