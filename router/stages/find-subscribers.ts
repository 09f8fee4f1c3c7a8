import type { Oin } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Rooms } from '../rooms.ts';
import type { Authorised } from './authorise.ts';
import { decide, recordDecisions } from './decide.ts';
import { hasRoom } from './has-room.ts';
import { type Addressee, pickKey } from './pick-key.ts';

export interface Subscribers {
  readonly found: readonly Addressee[];
  /** May be told, and cannot be reached now, or has a full mailbox. */
  readonly skipped: readonly Oin[];
}

/**
 * Finds who asked to be told of this kind of event, on this basis, in this case. Who may not be told
 * or cannot be reached is left out, and stands so in the ledger.
 * @throws Refusal recipient-unknown, when nobody may be told; recipient-unavailable, when nobody of
 * those can be reached now; mailbox-full, when the mailboxes of all who can be are
 */
export async function findSubscribers(
  rooms: Rooms,
  { claims, message, sender, at }: Authorised,
): Promise<Subscribers> {
  const decisions = rooms.registry
    .subscribers(claims, at)
    .filter(({ oin }) => oin !== sender.oin)
    .map((agency) => ({ ...decide(sender, claims, agency), agency }));
  await recordDecisions(rooms, message, sender, claims, decisions);
  const allowed = decisions.filter(({ answer }) => answer.allowed).map(({ agency }) => agency);
  if (allowed.length === 0) {
    throw new Refusal('recipient-unknown', 'nobody may be told of this event on this basis');
  }
  const keys = allowed.map((agency) => ({ agency, key: pickKey(rooms, agency, at) }));
  const reachable = keys.flatMap(({ agency, key }) => (key === undefined ? [] : [{ agency, key }]));
  if (reachable.length === 0) throw new Refusal('recipient-unavailable');
  const found = reachable.filter(({ agency }) => hasRoom(rooms, agency));
  if (found.length === 0) {
    const { retrySeconds } = rooms.settings.mailbox;
    throw new Refusal('mailbox-full', undefined, [], undefined, retrySeconds);
  }
  const told = new Set(found.map(({ agency }) => agency.oin));
  return { found, skipped: allowed.map(({ oin }) => oin).filter((oin) => !told.has(oin)) };
}
