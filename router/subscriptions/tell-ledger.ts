import type { Wish } from '../../schemas/case-events.ts';
import { isGrondslag } from '../../schemas/policy.ts';
import type { Rooms } from '../rooms.ts';
import type { Subscription } from './subscription.ts';

/** Of what it covers only the kinds; a basis that is not in the list is free text, which has no place there. */
export const tellLedger = (
  { ledger }: Rooms,
  { abonnee, id, bron, grondslag, ...wish }: Pick<Subscription, 'abonnee' | 'id'> & Wish,
  what: { handeling: 'begin' | 'geweigerd' | 'einde'; reden?: string },
): Promise<void> =>
  ledger.append({
    kind: 'abonnement',
    abonnee,
    abonnement: id,
    ...what,
    soorten: kindsOf(wish),
    ...(bron !== undefined && { bron }),
    grondslag: isGrondslag(grondslag) ? grondslag : 'onbekend',
  });

const kindsOf = ({ zaak, typen, regio }: Omit<Wish, 'grondslag'>): string[] => [
  ...(zaak === undefined ? [] : ['zaak']),
  ...(typen === undefined ? [] : ['type']),
  ...(regio === undefined ? [] : ['regio']),
];
