import { park } from '../deadletters/park.ts';
import { UNREADABLE_TO_PARK } from '../deadletters/piles.ts';
import type { Agency } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import type { Authorised } from './authorise.ts';

/**
 * Leaves out recipients that keep saying that they cannot read their copy: to seal again what they
 * cannot open helps nobody. The submission is parked, and a redrive seals it once more.
 * @returns those for whom it is sealed again
 */
export async function setAside(
  rooms: Rooms,
  { journey, message }: Authorised,
  wanting: readonly Agency[],
): Promise<Agency[]> {
  if (journey.redriven) return [...wanting];
  const { sender, jti } = message;
  const counts = await Promise.all(
    wanting.map(
      async ({ oin }) => (await rooms.receipts.all(sender, jti, oin, 'onleesbaar')).length,
    ),
  );
  const attempts = Math.max(0, ...counts);
  if (attempts < UNREADABLE_TO_PARK) return [...wanting];
  await park(rooms, journey, { pile: 'partner', cause: 'unreadable', attempts });
  return wanting.filter((_, index) => (counts[index] ?? 0) < UNREADABLE_TO_PARK);
}
