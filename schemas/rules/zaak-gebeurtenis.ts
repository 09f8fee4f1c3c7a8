import { at, member } from './look.ts';
import { onlyAndAlways, placesWhere, type Rule } from './rule.ts';

export const ZAAK_GEBEURTENIS: readonly Rule[] = [
  {
    id: 'source-is-sender',
    places: ['/inhoud/source'],
    melding: 'must begin with the OIN urn of the sender',
    broken: (claims) =>
      placesWhere(
        claims,
        '/inhoud/source',
        (source) => typeof source !== 'string' || !source.startsWith(`${claims.iss}:`),
      ),
  },
  {
    id: 'case-in-header',
    places: ['/zaak'],
    melding: 'is required, and must be the subject of the event',
    broken: (claims) =>
      at(claims, '/inhoud/subject') !== undefined && claims.zaak !== at(claims, '/inhoud/subject')
        ? ['/zaak']
        : [],
  },
  {
    id: 'sequence-with-kind',
    places: ['/inhoud/sequencetype'],
    melding: 'must be there with sequence, and only then',
    broken: onlyAndAlways(
      '/inhoud',
      'sequencetype',
      (event) => member(event, 'sequence') !== undefined,
    ),
  },
];
