/**
 * What happens to a delivery, in order: open → verify → deliver → acknowledge. "Not mine" is a
 * value, "mine but broken" an error; either way the sender is told, and nothing is delivered.
 */
import type { Postbusstuk } from '../schemas/generated/wire.ts';
import { Refusal } from '../schemas/refusal.ts';
import { acknowledge } from './receive/acknowledge.ts';
import { deliver } from './receive/deliver.ts';
import { open } from './receive/open.ts';
import type { Reception } from './receive/reception.ts';
import { refuse, unreadable } from './receive/refuse.ts';
import { verify } from './receive/verify.ts';
import type { Rooms } from './rooms.ts';

/**
 * @returns `left` when it cannot be judged now: it stays in the mailbox and will be given again
 * @throws when something of ours broke: it stays in the mailbox, too
 */
export async function receive(rooms: Rooms, item: Postbusstuk): Promise<Reception> {
  try {
    const opened = await open(rooms, item);
    if (opened === null) return await unreadable(rooms, item);
    const verified = await verify(rooms, opened);
    const delivered = await deliver(rooms, verified);
    return await acknowledge(rooms, delivered);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return await refuse(rooms, item, error);
  }
}
