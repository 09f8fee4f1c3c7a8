import { CASE_CLOSED, CASE_EVENT } from '../../schemas/case-events.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';
import { decide } from '../stages/decide.ts';
import type { CaseEvent } from './case-event.ts';
import { endSubscription } from './end-subscription.ts';

/**
 * Ends the subscriptions to a case that was closed by its source, of those who may be told of it on
 * this basis. Done again it finds nothing left to end.
 * @param since when the event first came: one that began after that is about what comes after it
 */
export async function closeCase(
  rooms: Rooms,
  event: CaseEvent | undefined,
  since = event?.at ?? 0,
): Promise<void> {
  if (event?.type !== CASE_CLOSED) return;
  const { registry, subscriptions } = rooms;
  const source = registry.agency(event.bron);
  const matter = { berichttype: CASE_EVENT, grondslag: event.grondslag };
  const ending = (await subscriptions.matching(event)).filter(({ abonnee, zaak, bron, begin }) => {
    const subscriber = registry.agency(abonnee);
    // What a case reference means, its source alone knows: no other closes it.
    if (zaak === undefined || bron !== event.bron || begin > since) return false;
    if (source === undefined || subscriber === undefined) return false;
    return decide(source, matter, subscriber).answer.allowed;
  });
  await inSlices(ending, (one) => endSubscription(rooms, one, 'zaak-afgesloten'));
}
