import type { Next } from '../deadlines/keeper.ts';
import type { Deadline } from '../deadlines.ts';
import type { Rooms } from '../rooms.ts';
import { endSubscription, KEPT, SHOWN } from './end-subscription.ts';
import { readSubscriptionKey } from './subscription-key.ts';

/** One that runs ends at its end; one that has ended is erased when its subscriber has had some weeks to see why. */
export async function keepSubscription(rooms: Rooms, { key, data }: Deadline): Promise<Next> {
  const { abonnee, id } = readSubscriptionKey(key);
  const now = rooms.clock.now();
  const found = await rooms.subscriptions.find(abonnee, id);
  if (found === undefined) return 'done';
  if (found.einde === undefined) {
    if (now < found.eind) return { due: found.eind, data: {} };
    await endSubscription(rooms, found, 'eind');
    return { due: now + SHOWN, data: {} };
  }
  const { op } = found.einde;
  const isAway = rooms.registry.agency(abonnee)?.status === 'geschorst';
  // Who could not look when this came up last has its weeks from now: it may be back since yesterday.
  const from = isAway || data[AWAY] !== undefined ? Math.max(now, op) : op;
  const due = Math.min(from + SHOWN, op + KEPT);
  if (now < due) return { due, data: isAway ? { [AWAY]: now } : {} };
  await rooms.subscriptions.erase(abonnee, id);
  return 'done';
}

/** In its deadline: when its subscriber was found suspended. */
const AWAY = 'geschorst';
