import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';

/**
 * Counts an event with the subscriptions that its copy would have named, of those who were left out: so
 * that they know to ask at the source, which no later event may tell them. After a fall it may count twice.
 */
export async function noteLeftOut(
  { subscriptions, clock }: Rooms,
  named: ReadonlyMap<Oin, readonly Uuid7[]>,
  leftOut: readonly Oin[],
): Promise<void> {
  const missing = leftOut.flatMap((abonnee) =>
    (named.get(abonnee) ?? []).map((id) => ({ abonnee, id })),
  );
  await inSlices(missing, (one) =>
    subscriptions.change(one, (now) => ({
      ...now,
      overgeslagen: { aantal: (now.overgeslagen?.aantal ?? 0) + 1, laatst: clock.now() },
    })),
  );
}
