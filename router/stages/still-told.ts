import type { Oin } from '../../schemas/ids.ts';
import { type Agency, inForce } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import type { Authorised } from './authorise.ts';
import { type Decision, decide, NOT_IN_FORCE, recordDecisions, SUSPENDED } from './decide.ts';

/**
 * Of those who still want a copy of an event that is known: who may be told of it now. A right that
 * was lost since its first receipt gives no new copy. Whoever is left out stands so in the ledger, and
 * stays a recipient: nobody was given anything, so the deadline tells the sender `onbestelbaar`; and
 * one who may be told again before that is given its copy at the next offer.
 */
export async function stillTold(
  rooms: Rooms,
  { claims, message, sender, at }: Authorised,
  wanting: readonly Oin[],
): Promise<Agency[]> {
  const { registry } = rooms;
  const fixed = new Set(registry.subscribers(claims, at).map(({ oin }) => oin));
  const told: Agency[] = [];
  const leftOut: Decision[] = [];
  for (const oin of wanting) {
    const agency = registry.agency(oin);
    const decision = judge(oin, agency);
    if (agency !== undefined && decision.answer.allowed) told.push(agency);
    else leftOut.push(decision);
  }
  await recordDecisions(rooms, message, sender, claims, leftOut);
  return told;

  function judge(oin: Oin, agency: Agency | undefined): Decision {
    const recipient = { oin, rollen: agency?.rollen ?? [] };
    if (agency === undefined || !inForce(agency, at)) return { recipient, answer: NOT_IN_FORCE };
    // Whom the register itself names is as any recipient, also while it is suspended.
    if (!fixed.has(oin) && agency.status !== 'actief') return { recipient, answer: SUSPENDED };
    return decide(sender, claims, agency);
  }
}
