import type { Rooms } from '../rooms.ts';
import { decide } from '../stages/decide.ts';
import { CASE_CLOSED, type CaseEvent, EVENT } from './case-event.ts';
import { endSubscription } from './end-subscription.ts';

/**
 * Ends the subscriptions to a case that was closed, of those who may be told of it by this source on
 * this basis. Done again it finds nothing left to end.
 */
export async function closeCase(rooms: Rooms, event: CaseEvent | undefined): Promise<void> {
  if (event?.type !== CASE_CLOSED) return;
  const { registry, subscriptions } = rooms;
  const source = registry.agency(event.bron);
  const matter = { berichttype: EVENT, grondslag: event.grondslag };
  const ending = (await subscriptions.matching(event)).filter(({ abonnee, zaak }) => {
    const subscriber = registry.agency(abonnee);
    if (zaak === undefined || source === undefined || subscriber === undefined) return false;
    return decide(source, matter, subscriber).answer.allowed;
  });
  await Promise.all(ending.map((one) => endSubscription(rooms, one, 'zaak-afgesloten')));
}
