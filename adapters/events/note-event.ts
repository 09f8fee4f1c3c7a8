/** Notes the number of an event that came in, so that a missing one shows. */
import type { Verified } from '../receive/verify.ts';
import type { Store } from '../store/store.ts';
import { readCaseEvent } from './case-event.ts';

type Came = Pick<Verified, 'claims' | 'sender' | 'senderRegion'>;

/** To be called inside `store.write`. */
export function noteEvent(
  store: Store,
  { claims, sender, senderRegion }: Came,
  received: number,
): void {
  const event = readCaseEvent(claims);
  if (event?.number === undefined) return;
  const { source, zaak, number, region = senderRegion ?? '' } = event;
  const { jti: message, grondslag: basis } = claims;
  store.events.seen({ sender, message, source, zaak, number, region, basis, received });
}
