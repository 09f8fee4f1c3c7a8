/** Acts once on every deadline of a message that is due by the clock of the house, as the holder of the lease does. */
import { Keeper } from '../../router/deadlines/keeper.ts';
import { keepMessageDeadline } from '../../router/deadlines/message.ts';
import { MESSAGE } from '../../router/deadlines/message-key.ts';
import type { Deadline } from '../../router/deadlines.ts';
import type { Rooms } from '../../router/rooms.ts';

export const LEASED = { hold: async () => true, release: async () => undefined };

/** @returns how many were due; their effects are there when it resolves */
export async function actOnDue(rooms: Rooms): Promise<number> {
  let count = 0;
  const handle = (deadline: Deadline) => {
    count++;
    return keepMessageDeadline(rooms, deadline);
  };
  const { deadlines, clock, metrics, log } = rooms;
  const parts = { deadlines, lease: LEASED, handlers: { [MESSAGE]: handle }, clock, metrics, log };
  const keeper = new Keeper(parts, new AbortController().signal);
  await keeper.look();
  keeper.letGo();
  return count;
}

/** The deadlines that are open now. */
export async function openNow(rooms: Rooms): Promise<Deadline[]> {
  const open = new Map<string, Deadline>();
  const stop = await rooms.deadlines.follow((key, one) => {
    if (one === null) open.delete(key);
    else open.set(key, one);
  });
  stop();
  return [...open.values()];
}
