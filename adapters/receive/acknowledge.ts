/** States `afgeleverd`, once for each message: a repeat is answered with the receipts that were signed then. */
import type { Reception } from '../endpoint.ts';
import type { Rooms } from '../rooms.ts';
import { stateFact } from '../state-fact.ts';
import type { Delivered } from './deliver.ts';

export async function acknowledge(rooms: Rooms, delivered: Delivered): Promise<Reception> {
  const { sender, claims, digest, first } = delivered;
  const { store } = rooms;
  const message = claims.jti;
  const said = store.replies
    .of(sender, message)
    .some((reply) => reply.copy === digest && reply.state === 'afgeleverd');
  if (said) {
    await store.write(() => store.replies.resend(sender, message, digest, false));
  } else {
    const reply = await stateFact(rooms, {
      sender,
      message,
      conversation: claims.conversatie,
      digest,
      state: 'afgeleverd',
    });
    await store.write(() => store.replies.add(reply.row, reply.jws));
  }
  rooms.rings.replies();
  return first ? 'delivered' : 'repeated';
}
