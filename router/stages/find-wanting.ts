import type { Oin } from '../../schemas/ids.ts';
import { STATES } from '../../schemas/states.ts';
import type { Proven } from '../journey.ts';
import type { Rooms } from '../rooms.ts';

/**
 * The recipients for whom neither a copy waits nor a receipt has settled it: theirs never got there,
 * could not be read, or was lost.
 */
export async function findWanting(
  rooms: Rooms,
  { sender, jti, prio }: Proven,
  recipients: readonly Oin[],
): Promise<Oin[]> {
  // In this order: a receipt is stored before its copy goes, so what is in neither was in neither.
  const waits = await Promise.all(
    recipients.map((recipient) => rooms.mailboxes.has({ recipient, prio, from: sender, id: jti })),
  );
  const without = recipients.filter((_, index) => !waits[index]);
  if (without.length === 0) return [];
  const receipts = await rooms.receipts.of(sender, jti, without);
  const settled = new Set(receipts.filter((r) => STATES[r.state].settles).map((r) => r.copy));
  return without.filter((recipient) => !settled.has(recipient));
}
