import type { Next } from '../deadlines/keeper.ts';
import type { Deadline } from '../deadlines.ts';
import type { Rooms } from '../rooms.ts';
import { endSubscription, KEPT, SHOWN } from './end-subscription.ts';
import { readSubscriptionKey } from './subscription-key.ts';

/** One that runs ends at its end; one that has ended is erased when its subscriber has had some weeks to see why. */
export async function keepSubscription(rooms: Rooms, { key }: Deadline): Promise<Next> {
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
  const due = isAway ? Math.min(Math.max(now, op) + SHOWN, op + KEPT) : op + SHOWN;
  if (now < due) return { due, data: {} };
  await rooms.subscriptions.erase(abonnee, id);
  return 'done';
}
