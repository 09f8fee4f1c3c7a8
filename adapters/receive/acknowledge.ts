/** States `afgeleverd`, once for each message: a repeat is answered with the receipts that were signed then. */

import type { Rooms } from '../rooms.ts';
import { type Reply, stateFact } from '../state-fact.ts';
import type { Delivered } from './deliver.ts';
import type { Reception } from './reception.ts';

export async function acknowledge(rooms: Rooms, delivered: Delivered): Promise<Reception> {
  const { store } = rooms;
  if (!isSaid(rooms, delivered)) {
    const reply = await state(rooms, delivered);
    await store.write(() => {
      // Two copies may have come at once: the receipt that was stored first is the one.
      if (isSaid(rooms, delivered)) return;
      store.replies.add(reply.row, reply.jws);
    });
  } else {
    const { sender, claims, digest } = delivered;
    await store.write(() => store.replies.resend(sender, claims.jti, digest, false));
  }
  rooms.rings.replies();
  return delivered.first ? 'delivered' : 'repeated';
}

const isSaid = ({ store }: Rooms, { sender, claims, digest }: Delivered): boolean =>
  store.replies
    .of(sender, claims.jti)
    .some((reply) => reply.copy === digest && reply.state === 'afgeleverd');

const state = (rooms: Rooms, { sender, claims, digest }: Delivered): Promise<Reply> =>
  stateFact(rooms, {
    sender,
    message: claims.jti,
    conversation: claims.conversatie,
    digest,
    state: 'afgeleverd',
  });
