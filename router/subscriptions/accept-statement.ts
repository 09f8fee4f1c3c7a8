import type { Abonnementsverklaring } from '../../schemas/generated/wire.ts';
import { fromUrn, type Oin, type Uuid7 } from '../../schemas/ids.ts';
import { vtRegion } from '../../schemas/reference.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { proveStatement } from '../prove-statement.ts';
import type { Rooms } from '../rooms.ts';
import { beginSubscription } from './begin-subscription.ts';
import { endSubscription } from './end-subscription.ts';

/**
 * Takes the word of an agency about a subscription of its own. The same word again does nothing more,
 * nor does another that says the same.
 * @returns whose subscription, and which
 * @throws Refusal
 */
export async function acceptSubscriptionStatement(
  rooms: Rooms,
  peer: Oin,
  jws: string,
): Promise<{ abonnee: Oin; id: Uuid7 }> {
  const { signer, claims, once } = await proveStatement(rooms, {
    ...{ jws, peer, typ: TYP.subscription },
    read: (value) => checkWire('abonnement', value),
  });
  const name = { abonnee: signer.oin, id: claims.abonnement };
  await once(() =>
    claims.handeling === 'begin'
      ? beginSubscription(rooms, signer, name.id, wishOf(claims))
      : end(rooms, name),
  );
  return name;
}

async function end(rooms: Rooms, name: { abonnee: Oin; id: Uuid7 }): Promise<void> {
  const found = await rooms.subscriptions.find(name.abonnee, name.id);
  if (found === undefined)
    throw new Refusal('not-found', 'you have no such subscription', [], 'statement');
  await endSubscription(rooms, name, 'opgezegd');
}

/** @throws Refusal statement-invalid, when it does not say on which basis, of what, or whose case */
function wishOf({ bron, typen, zaak, regio, grondslag, eind }: Abonnementsverklaring) {
  if (grondslag === undefined) throw invalid('/grondslag', 'is required to begin one');
  if (zaak === undefined && typen === undefined && regio === undefined)
    throw invalid('/zaak', 'or typen or regio is required to begin one');
  // The same reference may be another case at another source.
  if (zaak !== undefined && bron === undefined) throw invalid('/bron', 'is required with zaak');
  if (regio !== undefined && vtRegion(regio) === undefined)
    throw invalid('/regio', 'there is no such VT region');
  return {
    ...(bron !== undefined && { bron: fromUrn(bron) }),
    ...(typen !== undefined && { typen: [...typen].sort() }),
    ...(zaak !== undefined && { zaak }),
    ...(regio !== undefined && { regio }),
    grondslag,
    ...(eind !== undefined && { eind: eind * 1000 }),
  };
}

const invalid = (plaats: string, melding: string): Refusal =>
  new Refusal('statement-invalid', undefined, [{ plaats, melding }]);
