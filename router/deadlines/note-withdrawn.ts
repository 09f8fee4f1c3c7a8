import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import { withdrawnIn } from './find-needless.ts';
import { keyOfMessage } from './message-key.ts';

/** Others who change the same deadline are few: receipts close it, its keeper moves it. */
const TRIES = 20;

/**
 * Remembers at the deadline of a message that its sender took it back from these: no alarm asks them to
 * take it over. Stored when it resolves; done again it changes nothing.
 * @throws BusFault
 */
export async function noteWithdrawn(
  { deadlines }: Rooms,
  sender: Oin,
  jti: Uuid7 | undefined,
  from: readonly Oin[],
): Promise<void> {
  if (jti === undefined) return;
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await deadlines.find(keyOfMessage(sender, jti));
    if (found === undefined) return;
    const known = withdrawnIn(found.data);
    const ingetrokken = [...new Set([...known, ...from])];
    if (ingetrokken.length === known.length) return;
    if (await deadlines.replace(found, { ...found, data: { ...found.data, ingetrokken } })) return;
  }
  throw new Error('a deadline is changed by others without end');
}
