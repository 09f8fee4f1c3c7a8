import { TRAFFIC_DAYS } from '../bus/streams.ts';
import type { Rooms } from '../rooms.ts';
import type { EndReason, Subscription } from './subscription.ts';
import { keyOfSubscription, SUBSCRIPTION } from './subscription-key.ts';
import { tellLedger } from './tell-ledger.ts';

const DAY = 86_400_000;
/** How long one that has ended is still shown to its subscriber, with why. */
export const SHOWN = 30 * DAY;
/** Who is suspended cannot look: then it is kept for longer, but never beyond this. */
export const KEPT = TRAFFIC_DAYS * DAY;

/**
 * Ends it, unless it has ended. In this order: what the ledger does not hold has not happened, and
 * whatever falls in between, the deadline finds it. Two pipelines at once may both tell the ledger.
 */
export async function endSubscription(
  rooms: Rooms,
  { abonnee, id }: Pick<Subscription, 'abonnee' | 'id'>,
  reden: EndReason,
): Promise<void> {
  const giveUp = await rooms.turns.take(keyOfSubscription(abonnee, id));
  try {
    const found = await rooms.subscriptions.find(abonnee, id);
    if (found === undefined || found.einde !== undefined) return;
    const op = rooms.clock.now();
    await tellLedger(rooms, found, { handeling: 'einde', reden });
    await rooms.deadlines.move({
      ...{ key: keyOfSubscription(abonnee, id), kind: SUBSCRIPTION },
      ...{ due: op + SHOWN, data: {} },
    });
    await rooms.subscriptions.change(found, (now) =>
      now.einde === undefined ? { ...now, einde: { op, reden } } : undefined,
    );
  } finally {
    giveUp();
  }
}
