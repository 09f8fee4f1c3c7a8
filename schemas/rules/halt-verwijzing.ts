import { at, member, select } from './look.ts';
import { notAfter, notInFuture, once, onlyAndAlways, placesWhere, type Rule } from './rule.ts';

/** Whole years between two days written as `YYYY-MM-DD`. */
function yearsBetween(from: string, to: string): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return to.slice(5) < from.slice(5) ? years - 1 : years;
}

const isMinor =
  (birth: unknown) =>
  (day: unknown): boolean => {
    if (typeof birth !== 'string' || typeof day !== 'string') return true;
    const age = yearsBetween(birth, day);
    return age >= 12 && age < 18;
  };

const isBefore = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string' && one < other;

export const HALT_VERWIJZING: readonly Rule[] = [
  {
    id: 'age-12-to-17',
    places: ['/inhoud/feiten/*/datum'],
    melding: 'must make the suspect 12 to 17 years old on the day of the offence',
    broken: (claims) => {
      const old = isMinor(at(claims, '/inhoud/verdachte/geboorte/datum/datum'));
      return placesWhere(claims, '/inhoud/feiten/*/datum', (day) => !old(day));
    },
  },
  {
    id: 'offence-before-referral',
    places: ['/inhoud/feiten/*/datum'],
    melding: 'must not be later than datumVerwijzing',
    broken: notAfter('/inhoud/feiten/*/datum', '/inhoud/datumVerwijzing'),
  },
  {
    id: 'offence-period',
    places: ['/inhoud/feiten/*/datumTot'],
    melding: 'must not be before datum',
    broken: (claims) =>
      select(claims, '/inhoud/feiten/*')
        .filter(({ waarde }) => isBefore(member(waarde, 'datumTot'), member(waarde, 'datum')))
        .map(({ plaats }) => `${plaats}/datumTot`),
  },
  {
    id: 'no-future-day',
    places: ['/inhoud/datumVerwijzing', '/inhoud/instemming/datum'],
    melding: 'must not be later than the day of signing',
    broken: notInFuture('/inhoud/datumVerwijzing', '/inhoud/instemming/datum'),
  },
  {
    id: 'person-once',
    places: ['/inhoud/wettelijkVertegenwoordigers/*/persoonId'],
    melding: 'must not be used for two persons',
    broken: once('/inhoud/verdachte/persoonId', '/inhoud/wettelijkVertegenwoordigers/*/persoonId'),
  },
  {
    id: 'earlier-times',
    places: ['/inhoud/eersteDelictCheck/aantalEerder'],
    melding: 'must only be there with an earlier contact',
    broken: ({ inhoud }) =>
      at(inhoud, '/eersteDelictCheck/indicatieEerderHalt') === false &&
      at(inhoud, '/eersteDelictCheck/aantalEerder') !== undefined
        ? ['/inhoud/eersteDelictCheck/aantalEerder']
        : [],
  },
  {
    id: 'parent-informed',
    places: ['/inhoud/wettelijkVertegenwoordigers/*/redenNietGeinformeerd'],
    melding: 'must be there if the representative does not know, and only then',
    broken: onlyAndAlways(
      '/inhoud/wettelijkVertegenwoordigers/*',
      'redenNietGeinformeerd',
      (parent) => member(parent, 'indicatieGeinformeerd') === false,
    ),
  },
];
