import type { Bericht } from '../../schemas/generated/wire.ts';
import { municipalitiesOf } from '../../schemas/messages.ts';
import { vtRegionsOf } from '../../schemas/reference.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Agency } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import type { Authorised } from './authorise.ts';
import { decide, insist, recordDecisions } from './decide.ts';

/**
 * Finds the one Veilig Thuis that works for the municipality of the report, as the map was when the
 * report was made. Never by the police unit: Heusden and Uitgeest show that it does not follow.
 * @throws Refusal recipient-unknown, when there is none; ambiguous-address, naming the candidates;
 * not-authorised
 */
export async function findByMunicipality(
  rooms: Rooms,
  { claims, message, sender, at }: Authorised,
): Promise<Agency> {
  const [found, ...more] = candidates(rooms, claims, at);
  if (found === undefined) {
    throw new Refusal('recipient-unknown', 'no Veilig Thuis is registered for the municipality');
  }
  if (more.length > 0) {
    const faults = [found, ...more].map(({ oin, naam }) => ({
      plaats: '/aud',
      melding: `${oin} ${naam}`,
    }));
    throw new Refusal('ambiguous-address', undefined, faults);
  }
  const decisions = [decide(sender, claims, found)];
  await recordDecisions(rooms, message, sender, claims, decisions);
  insist(decisions, () => '/grondslag');
  return found;
}

function candidates({ registry }: Rooms, claims: Bericht, at: number): Agency[] {
  const regions = municipalitiesOf(claims).flatMap(({ code }) =>
    vtRegionsOf(code, claims.iat * 1000).map((region) => region.code),
  );
  return [...new Set(regions)].flatMap((region) => registry.byVtRegion(region, at));
}
