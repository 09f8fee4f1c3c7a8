import { at, member, select } from './look.ts';
import {
  notAfter,
  notInFuture,
  once,
  onlyAndAlways,
  placesWhere,
  type Rule,
  refersTo,
} from './rule.ts';

const PERSON = '/inhoud/betrokkenen/*';

export const VT_MELDING: readonly Rule[] = [
  {
    id: 'sash-level',
    places: ['/inhoud/sashNiveau'],
    melding: 'must be there if SASH was filled in, and only then',
    broken: onlyAndAlways(
      '/inhoud',
      'sashNiveau',
      (inhoud) => member(inhoud, 'indicatieSashIngevuld') === true,
    ),
  },
  {
    id: 'incident-before-report',
    places: ['/inhoud/datumIncident'],
    melding: 'must not be later than datumMelding',
    broken: notAfter('/inhoud/datumIncident', '/inhoud/datumMelding'),
  },
  {
    id: 'no-future-day',
    places: [
      '/inhoud/datumMelding',
      '/inhoud/informeringen/*/datumGeinformeerd',
      '/inhoud/betrokkenen/*/geboorte/datum/datum',
    ],
    melding: 'must not be later than the day of signing',
    broken: notInFuture(
      '/inhoud/datumMelding',
      '/inhoud/informeringen/*/datumGeinformeerd',
      `${PERSON}/geboorte/datum/datum`,
    ),
  },
  {
    id: 'person-once',
    places: ['/inhoud/betrokkenen/*/persoonId'],
    melding: 'must not be used for two persons',
    broken: once(`${PERSON}/persoonId`),
  },
  {
    id: 'bsn-once',
    places: ['/inhoud/betrokkenen/*/burgerservicenummer'],
    melding: 'must not be given for two persons',
    broken: once(`${PERSON}/burgerservicenummer`),
  },
  {
    id: 'relation-to-known',
    places: ['/inhoud/betrokkenen/*/relaties/*/persoonId'],
    melding: 'must be the persoonId of somebody in betrokkenen',
    broken: refersTo(`${PERSON}/relaties/*/persoonId`, `${PERSON}/persoonId`),
  },
  {
    id: 'relation-to-another',
    places: ['/inhoud/betrokkenen/*/relaties/*/persoonId'],
    melding: 'must not be the person himself',
    broken: (claims) =>
      select(claims, PERSON).flatMap(({ plaats, waarde: person }) =>
        select(person, '/relaties/*/persoonId')
          .filter(({ waarde }) => waarde === member(person, 'persoonId'))
          .map((found) => plaats + found.plaats),
      ),
  },
  {
    id: 'mother-known',
    places: ['/inhoud/betrokkenen/*/moeder'],
    melding: 'must be the persoonId of a NatuurlijkPersoon in betrokkenen',
    broken: (claims) => {
      const born = select(claims, PERSON).filter(
        ({ waarde }) => member(waarde, 'type') === 'NatuurlijkPersoon',
      );
      const known = new Set(born.map(({ waarde }) => member(waarde, 'persoonId')));
      return placesWhere(claims, `${PERSON}/moeder`, (mother) => !known.has(mother));
    },
  },
  {
    id: 'informing-of-known',
    places: ['/inhoud/informeringen/*/persoonId'],
    melding: 'must be the persoonId of somebody in betrokkenen',
    broken: refersTo('/inhoud/informeringen/*/persoonId', `${PERSON}/persoonId`),
  },
  {
    id: 'informing-once',
    places: ['/inhoud/informeringen/*/persoonId'],
    melding: 'must not be given twice for one person',
    broken: once('/inhoud/informeringen/*/persoonId'),
  },
  {
    id: 'informing-told',
    places: ['/inhoud/informering'],
    melding: 'is required when nothing is said per person in informeringen',
    broken: ({ inhoud }) =>
      at(inhoud, '/informeringen') === undefined && at(inhoud, '/informering') === undefined
        ? ['/inhoud/informering']
        : [],
  },
  {
    id: 'informing-reacted',
    places: ['/inhoud/informeringen/*/indicatieGereageerd'],
    melding: 'must be there if the person was informed, and only then',
    broken: onlyAndAlways(
      '/inhoud/informeringen/*',
      'indicatieGereageerd',
      (one) => member(one, 'indicatieGeinformeerd') === true,
    ),
  },
  {
    id: 'informing-reason',
    places: ['/inhoud/informeringen/*/redenNietGeinformeerd'],
    melding: 'must be there if the person was not informed, and only then',
    broken: onlyAndAlways(
      '/inhoud/informeringen/*',
      'redenNietGeinformeerd',
      (one) => member(one, 'indicatieGeinformeerd') === false,
    ),
  },
  {
    id: 'informing-reaction',
    places: ['/inhoud/informeringen/*/strekkingReactie'],
    melding: 'must only be there if the person reacted',
    broken: (claims) =>
      select(claims, '/inhoud/informeringen/*')
        .filter(({ waarde }) => member(waarde, 'indicatieGereageerd') !== true)
        .filter(({ waarde }) => member(waarde, 'strekkingReactie') !== undefined)
        .map(({ plaats }) => `${plaats}/strekkingReactie`),
  },
];
