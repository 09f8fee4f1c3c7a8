/**
 * Agencies take turns. So many submissions may be with the pipeline at the same time; those that
 * wait stand in a row of their own agency, and the rows are served one by one, round and round.
 * However long the row of one agency, another waits for one turn at most.
 */
import type { Oin } from '../../schemas/ids.ts';
import { decline } from './problems.ts';

export interface Turns {
  /**
   * Runs the work when it is this agency's turn. Who has gone before its turn leaves the row at once,
   * and what it brought with it: a row is never longer than the places of its agency.
   * @throws Declined when the client has gone
   */
  run<T>(agency: Oin, work: () => Promise<T>, gone?: AbortSignal): Promise<T>;
}

const left = (): Error => decline('request-timeout', 'the client has gone');

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

  function wait(agency: Oin, gone?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const row = rows.get(agency) ?? [];
      const turn = () => {
        gone?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        row.splice(row.indexOf(turn), 1);
        if (row.length === 0) rows.delete(agency);
        reject(left());
      };
      gone?.addEventListener('abort', leave, { once: true });
      row.push(turn);
      rows.set(agency, row);
      callNext();
    });
  }

  return {
    async run(agency, work, gone) {
      if (gone?.aborted) throw left();
      await wait(agency, gone);
      try {
        return await work();
      } finally {
        free += 1;
        callNext();
      }
    },
  };
}
