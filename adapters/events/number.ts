/**
 * Gives each event of a case of ours its number, so that who gets them sees when one is missing.
 * A number belongs to an event: the same event sent again, or on another basis to others, keeps it.
 */
import type { Bericht } from '../../schemas/generated/wire.ts';
import type { Rooms } from '../rooms.ts';
import { type CaseEvent, readCaseEvent, SEQUENCE_TYPE, toSequence } from './case-event.ts';

/**
 * Signs and stores the claims, and what has to be written down with them in the same transaction.
 * @returns false when there was such a message already: then nothing is written down
 */
type Keep = (claims: Bericht, also?: () => void) => Promise<boolean>;

/** After a restore numbers go on this much further: those in between may have been used. */
const LEAP = 1000;

/**
 * Lets a message be kept; an event without a number is given the next one of its case, and the number
 * counts as used when, and only when, the message is on the disk.
 */
export async function numbered(rooms: Rooms, claims: Bericht, keep: Keep): Promise<boolean> {
  const event = readCaseEvent(claims);
  if (event === undefined) return keep(claims);
  const { store, clock } = rooms;
  return store.events.inTurn(event, () => {
    const own = event.number;
    if (own !== undefined) return keep(claims, () => store.events.take(event, own, clock.now()));
    const known = store.events.numberOf(event);
    // Two stores of one agency count apart: there the agency's own system gives the numbers.
    if ('sequence' in claims.inhoud || rooms.alone === false) return keep(claims);
    const number = known ?? nextOf(rooms, event);
    const also = () => store.events.give(event, number, clock.now());
    return keep(withNumber(claims, number), known === undefined ? also : undefined);
  });
}

const withNumber = (claims: Bericht, number: number): Bericht => ({
  ...claims,
  inhoud: { ...claims.inhoud, sequence: toSequence(number), sequencetype: SEQUENCE_TYPE },
});

function nextOf({ store }: Rooms, event: CaseEvent): number {
  const last = store.events.last(event);
  const restored = store.history.restored();
  // What was numbered between the backup and the restore is not known here.
  const isOld = restored !== undefined && (last?.at ?? 0) < Date.parse(restored.at);
  return (last?.number ?? 0) + (isOld ? LEAP : 0) + 1;
}
