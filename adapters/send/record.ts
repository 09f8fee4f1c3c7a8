/** Writes down how an offer went, and when to look at the message again. */
import type { Problem } from '../../schemas/problem.ts';
import { SENT } from '../../schemas/sent.ts';
import type { Rooms } from '../rooms.ts';
import { endOf, nextLook, waitOf } from '../schedule.ts';
import type { OutboxRow, Progress } from '../store/outbox.ts';
import type { Verdict } from './weigh.ts';

export function record(rooms: Rooms, jti: string, verdict: Verdict): Promise<void> {
  const { store, clock } = rooms;
  return store.write(() => {
    const row = store.outbox.get(jti);
    if (row === undefined) return;
    const now = clock.now();
    if (verdict.kind === 'refused') keepProblem(rooms, row, verdict.problem, now);
    store.outbox.progress(jti, progressAfter(rooms, row, verdict, now));
  });
}

function progressAfter(rooms: Rooms, row: OutboxRow, verdict: Verdict, now: number): Progress {
  const next = {
    state: row.state,
    changed: now,
    attempts: row.attempts + 1,
    step: row.step,
    nextAt: row.nextAt,
  };
  if (verdict.kind === 'refused') {
    const { code } = verdict.problem;
    if (row.state === 'ingediend' || row.state === 'geweigerd') {
      return { ...next, state: 'geweigerd', nextAt: null, lastCode: code };
    }
    // It was accepted before, with a receipt: that one stands, and its end is waited for.
    const end = SENT[row.state].offers ? endOf(row) : row.nextAt;
    return { ...next, nextAt: row.nextAt === null ? null : end, lastCode: code };
  }
  const lastCode = verdict.kind === 'later' ? verdict.code : null;
  // Settled meanwhile, or offered once more because the router had lost it: questions go on as planned.
  if (row.nextAt === null || !SENT[row.state].offers) return { ...next, lastCode };
  const usual = waitOf(rooms, row.state === 'ingediend' ? 'offer' : 'confirm', row.prio, row.step);
  const { withinMs = usual } = verdict.kind === 'later' ? verdict : {};
  const wait = Math.min(usual, withinMs);
  const afterMs = verdict.kind === 'later' ? verdict.afterMs : 0;
  const nextAt = nextLook(row, now, Math.max(wait, afterMs));
  return { ...next, step: row.step + 1, nextAt, lastCode };
}

function keepProblem({ store }: Rooms, row: OutboxRow, problem: Problem, at: number) {
  store.problems.put({ message: row.jti, at, code: problem.code }, problem);
}
