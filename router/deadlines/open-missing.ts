import type { Deadline } from '../deadlines.ts';
import type { Rooms } from '../rooms.ts';
import { openMessageDeadline } from './message.ts';
import { keyOfMessage } from './message-key.ts';

/**
 * Opens the deadline of copies that lie in a mailbox without one: stored by a version that had none,
 * or by a broker that was restored. Once for each gain of the lease, over the headers of all that
 * waits. @returns how many were opened
 */
export async function openMissing(
  rooms: Rooms,
  open: { get(key: string): Deadline | undefined },
): Promise<void> {
  const missing = new Set<string>();
  for await (const { kind, from: sender, id: jti, prio, exp } of rooms.mailboxes.labels()) {
    const key = keyOfMessage(sender, jti);
    if (kind !== 'aflevering' || missing.has(key) || open.get(key) !== undefined) continue;
    missing.add(key);
    await openMessageDeadline(rooms, { sender, jti, prio, exp: exp ?? 0 }, rooms.clock.now());
  }
  if (missing.size > 0) rooms.log.warn({ count: missing.size }, 'copies had no deadline');
}
