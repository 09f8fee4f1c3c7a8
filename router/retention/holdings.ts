/** What the mailboxes and the dead letters hold, by number and age: no ids, no agencies, no content. */
import type { Rooms } from '../rooms.ts';
import type { Due } from './judge.ts';
import { DAY, HOUR } from './limits.ts';
import { lookAtLetters, lookAtMailboxes } from './look.ts';
import type { Round } from './sweep.ts';

/** Younger than this, each. */
export const AGES = [
  ['1 h', HOUR],
  ['24 h', DAY],
  ['5 d', 5 * DAY],
  ['30 d', 30 * DAY],
  ['older', Number.POSITIVE_INFINITY],
] as const;
export type AgeName = (typeof AGES)[number][0];

export interface Pile {
  readonly count: number;
  /** Milliseconds since it was stored, of the oldest. */
  readonly oldest: number | null;
  readonly byAge: Readonly<Record<AgeName, number>>;
  /** Its time is over, and it is still there. */
  readonly due: number;
  /** Of these: past the time by which it must be gone. The promise is broken. */
  readonly overdue: number;
}

export interface Contents {
  /** Sealed bodies that wait for their recipients. */
  readonly copies: Pile;
  /** Receipts and alarms that wait for their addressees. */
  readonly notices: Pile;
  /** Sealed bodies that could not be worked on. */
  readonly letters: Pile;
  /** The last round of the second line, when it is known. */
  readonly round: Round | null;
}

export async function countContents(rooms: Rooms, round: Round | null): Promise<Contents> {
  const now = rooms.clock.now();
  const [copies, notices, letters] = [emptyPile(), emptyPile(), emptyPile()];
  for await (const { item, due } of lookAtMailboxes(rooms))
    add(item.kind === 'aflevering' ? copies : notices, now, item.at, due);
  for await (const { letter, due } of lookAtLetters(rooms)) add(letters, now, letter.parkedAt, due);
  return { copies, notices, letters, round };
}

type Filling = { -readonly [K in keyof Pile]: Pile[K] } & { byAge: Record<AgeName, number> };

const emptyPile = (): Filling => ({
  ...{ count: 0, oldest: null, due: 0, overdue: 0 },
  byAge: { '1 h': 0, '24 h': 0, '5 d': 0, '30 d': 0, older: 0 },
});

function add(pile: Filling, now: number, at: number, due: Due | undefined): void {
  const age = Math.max(now - at, 0);
  const name = AGES.find(([, below]) => age < below)?.[0] ?? 'older';
  pile.count++;
  pile.byAge[name]++;
  pile.oldest = Math.max(pile.oldest ?? 0, age);
  if (due === undefined) return;
  pile.due++;
  if (due.latest <= now) pile.overdue++;
}
