/**
 * Tells senders of copies that nobody collected before their end. One process at a time searches the
 * mailboxes, a piece at a time, so that a large mailbox never keeps the path waiting.
 */
import { digestOf } from '../certs/digest.ts';
import { toUrn } from '../schemas/ids.ts';
import { STATES } from '../schemas/states.ts';
import type { Lease } from './lease.ts';
import type { Label } from './mailboxes.ts';
import { passOn } from './receipts/pass-on.ts';
import { stateFact } from './receipts/state.ts';
import type { Rooms } from './rooms.ts';

/** Items looked at in one go. */
const PIECE = 500;

/** One round through all mailboxes. @returns how many copies had ended */
export async function expire(rooms: Rooms, mayGoOn: () => Promise<boolean>): Promise<number> {
  let count = 0;
  for (let from: number | null = 1; from !== null && (await mayGoOn()); ) {
    const { items, next } = await rooms.mailboxes.ended(from, PIECE, rooms.clock.now());
    for (const item of items) await tellEnded(rooms, item);
    count += items.length;
    from = next;
  }
  return count;
}

/** States `onbestelbaar` to the sender and takes the copy away. */
async function tellEnded(rooms: Rooms, { recipient, from: sender, id: jti }: Label): Promise<void> {
  const giveUp = await rooms.turns.take(`${sender}.${jti}`);
  try {
    const record = await rooms.ids.find(sender, jti);
    if (record === undefined) return;
    const { dig, prio, conversatie } = record;
    const receipts = await rooms.receipts.of(sender, jti, [recipient]);
    if (receipts.some((one) => STATES[one.state].settles))
      return await rooms.mailboxes.erase({ recipient, prio, from: sender, id: jti });
    const code = 'not-collected';
    const { jws, jti: id } = await stateFact(rooms, sender, conversatie, {
      staat: 'onbestelbaar',
      afzender: toUrn(sender),
      bericht: jti,
      dig,
      code,
      ontvanger: toUrn(recipient),
    });
    await passOn(rooms, {
      message: { sender, jti, dig, prio },
      copy: recipient,
      state: 'onbestelbaar',
      code,
      receipt: { issuer: rooms.identity.oin, jti: id, jws, dig: digestOf(jws) },
    });
  } finally {
    giveUp();
  }
}

/** Searches at intervals while the lease is ours. @returns how to stop: a round under way is finished */
export function startExpiry(rooms: Rooms, lease: Lease, everyMs: number): () => Promise<void> {
  let [stopping, round] = [false, Promise.resolve()];
  const mayGoOn = async () => !stopping && (await lease.hold());
  const timer = setInterval(() => {
    round = round.then(async () => {
      try {
        if (await mayGoOn()) await expire(rooms, mayGoOn);
      } catch (err) {
        rooms.metrics.countFault('expiry');
        rooms.log.error({ err }, 'expiry failed');
      }
    });
  }, everyMs);
  return async () => {
    stopping = true;
    clearInterval(timer);
    await round;
    await lease.release().catch(() => undefined);
  };
}
