import type { Oin } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';
import type { Subscription } from './subscription.ts';

/**
 * Counts an event with the subscriptions that it should have come under, of those who were left out: so
 * that they know to ask at the source, which no later event may tell them. After a fall it may count twice.
 */
export async function noteLeftOut(
  { subscriptions, clock }: Rooms,
  matching: readonly Subscription[],
  leftOut: readonly Oin[],
): Promise<void> {
  const missing = matching.filter(({ abonnee }) => leftOut.includes(abonnee));
  await inSlices(missing, (one) =>
    subscriptions.change(one, (now) => ({
      ...now,
      overgeslagen: { aantal: (now.overgeslagen?.aantal ?? 0) + 1, laatst: clock.now() },
    })),
  );
}
