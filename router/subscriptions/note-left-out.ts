import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';

/**
 * Counts an event with the subscriptions that its copy would have named, of those who were left out: so
 * that they know to ask at the source, which no later event may tell them. After a fall it may count twice.
 */
export async function noteLeftOut(
  rooms: Rooms,
  named: ReadonlyMap<Oin, readonly Uuid7[]>,
  leftOut: readonly Oin[],
): Promise<void> {
  await inSlices(leftOut, (abonnee) => noteFor(rooms, abonnee, named.get(abonnee) ?? []));
}

/** One event at a time: many at once would try in vain to change the same records, most of them again and again. */
async function noteFor(
  { subscriptions, clock, turns }: Rooms,
  abonnee: Oin,
  ids: readonly Uuid7[],
): Promise<void> {
  const giveUp = await turns.take(`overgeslagen.${abonnee}`);
  try {
    await inSlices(ids, (id) =>
      subscriptions.change({ abonnee, id }, (now) => ({
        ...now,
        overgeslagen: { aantal: (now.overgeslagen?.aantal ?? 0) + 1, laatst: clock.now() },
      })),
    );
  } finally {
    giveUp();
  }
}
