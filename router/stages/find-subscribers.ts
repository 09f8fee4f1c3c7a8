import type { Oin } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Rooms } from '../rooms.ts';
import type { Authorised } from './authorise.ts';
import { decide, recordDecisions } from './decide.ts';
import { type Addressee, pickKey } from './pick-key.ts';

export interface Subscribers {
  readonly found: readonly Addressee[];
  /** May be told, and cannot be reached. */
  readonly skipped: readonly Oin[];
}

/**
 * Finds who asked to be told of this kind of event, on this basis, in this case. Who may not be told
 * or cannot be reached is left out, and stands so in the ledger.
 * @throws Refusal recipient-unknown, when nobody may be told; recipient-unavailable, when nobody of
 * those can be reached now
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
  const found = keys.flatMap(({ agency, key }) => (key === undefined ? [] : [{ agency, key }]));
  if (found.length === 0) throw new Refusal('recipient-unavailable');
  const skipped = keys.filter(({ key }) => key === undefined).map(({ agency }) => agency.oin);
  return { found, skipped };
}
