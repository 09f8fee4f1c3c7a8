import { STATES } from '../../schemas/states.ts';
import type { Rooms } from '../rooms.ts';
import type { Sealed } from './seal.ts';

/**
 * Takes away copies that were settled while they were being stored: another pipeline may have stored
 * the same one, and its recipient have collected it, in between. What was settled needs no copy.
 */
export async function takeBack(rooms: Rooms, { message, copies }: Sealed): Promise<void> {
  const { sender, jti, prio } = message;
  const receipts = await rooms.receipts.of(
    sender,
    jti,
    copies.map(({ recipient }) => recipient),
  );
  const settled = new Set(receipts.filter((r) => STATES[r.state].settles).map((r) => r.copy));
  await Promise.all(
    [...settled].map((recipient) =>
      rooms.mailboxes.erase({ recipient, prio, from: sender, id: jti }),
    ),
  );
}
