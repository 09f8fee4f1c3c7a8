/** Acts once on every deadline that is due by the clock of the house, as the holder of the lease does. */
import { openHandlers } from '../../router/deadlines/handlers.ts';
import { Keeper } from '../../router/deadlines/keeper.ts';
import { MESSAGE } from '../../router/deadlines/message-key.ts';
import type { Deadline } from '../../router/deadlines.ts';
import type { Rooms } from '../../router/rooms.ts';
import { CLOCK } from '../../router/terms/clock-key.ts';

export const LEASED = { hold: async () => true, release: async () => undefined };

/** @returns how many of the kind were due; the effects of all are there when it resolves */
export async function actOnDue(rooms: Rooms, kind = MESSAGE): Promise<number> {
  let count = 0;
  const all = openHandlers(rooms);
  const counted = (deadline: Deadline) => {
    count++;
    return all[kind]?.(deadline) ?? Promise.resolve('done' as const);
  };
  const { deadlines, clock, metrics, log } = rooms;
  const handlers = { ...all, [kind]: counted };
  const parts = { deadlines, lease: LEASED, handlers, clock, metrics, log };
  const keeper = new Keeper(parts, new AbortController().signal);
  await keeper.look();
  keeper.letGo();
  return count;
}

/** The deadlines that are open now: of one kind, or all but statutory clocks, which every report starts. */
export async function openNow(rooms: Rooms, wanted?: string): Promise<Deadline[]> {
  const open = new Map<string, Deadline>();
  const stop = await rooms.deadlines.follow((key, one) => {
    if (one === null) open.delete(key);
    else open.set(key, one);
  });
  stop();
  return [...open.values()].filter(({ kind }) =>
    wanted === undefined ? kind !== CLOCK : kind === wanted,
  );
}
