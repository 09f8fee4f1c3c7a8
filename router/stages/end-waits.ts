import { type Frozen, noteReply } from '../consultations/note.ts';
import { noteWithdrawn } from '../deadlines/note-withdrawn.ts';
import type { Opened } from '../ids.ts';
import type { Rooms } from '../rooms.ts';
import { closeCase } from '../subscriptions/close-case.ts';
import { clocksEndedBy } from '../terms.ts';
import type { Sealed } from './seal.ts';

type Since = Pick<Opened, 'sinds'>;

/**
 * What waits for a message of this kind waits no longer, now that its copies are stored: a statutory
 * clock ends, the subscriptions to a closed case end, a consultation has its answer or loses a
 * question, what was withdrawn raises no alarm. Done again, each finds it done.
 */
export async function endWaits(
  rooms: Rooms,
  sealed: Sealed,
  frozen: Frozen & Since,
): Promise<void> {
  const { message, matter, relates, event } = sealed;
  const { berichttype } = matter;
  const answer = { owner: message.sender, berichttype, to: frozen.recipients, ...relates };
  await clocksEndedBy(rooms, answer);
  // One that was accepted before ended what it could end then.
  if (sealed.earlier?.record.verdict !== 'accepted') await closeCase(rooms, event, frozen.sinds);
  await noteReply(rooms, sealed, frozen);
  await noteWithdrawn(rooms, message.sender, relates.trektIn, frozen.recipients);
}
