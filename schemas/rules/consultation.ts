/** Rules for the questions of a prosecutor or partner and for the answers to them. */
import { lawfulEnd } from '../consultation.ts';
import type { Bericht } from '../generated/wire.ts';
import { at, member, select } from './look.ts';
import { once, placesWhere, type Rule } from './rule.ts';

/** Whoever has no number must be known by first names and birthday (Wmo 2015 art. 5.2.9). */
const recognisable = (path: string): Rule => ({
  id: 'person-recognisable',
  places: ['/inhoud/**/naam/voornamen', '/inhoud/**/geboorte/datum'],
  melding: 'is required for a person without burgerservicenummer or vreemdelingennummer',
  broken: (claims) =>
    select(claims, path)
      .filter(({ waarde }) => member(waarde, 'burgerservicenummer') === undefined)
      .filter(({ waarde }) => member(waarde, 'vreemdelingennummer') === undefined)
      .flatMap(({ plaats, waarde }) =>
        ['/naam/voornamen', '/geboorte/datum']
          .filter((needed) => at(waarde, needed) === undefined)
          .map((needed) => plaats + needed),
      ),
});

const answerBySignedTime: Rule = {
  id: 'deadline-ahead',
  places: ['/inhoud/beantwoordenVoor'],
  melding: 'must be later than the time of signing',
  broken: (claims) =>
    placesWhere(
      claims,
      '/inhoud/beantwoordenVoor',
      (time) => typeof time === 'string' && Date.parse(time) <= claims.iat * 1000,
    ),
};

const answersRefer: Rule = {
  id: 'answer-refers',
  places: ['/verwijst'],
  melding: 'is required: the jti of the question that this answers',
  broken: (claims) => (claims.verwijst === undefined ? ['/verwijst'] : []),
};

type Consulted = NonNullable<Bericht['raadpleging']>;
const clockRule = (
  id: string,
  place: string,
  melding: string,
  broken: (clock: Consulted, claims: Bericht) => boolean,
): Rule => ({
  id,
  places: [place],
  melding,
  broken: (claims) =>
    isClock(claims.raadpleging) && broken(claims.raadpleging, claims) ? [place] : [],
});

/** Rules must bear claims of any shape; what is no time at all is for the schema to refuse. */
const isClock = (value: unknown): value is Consulted =>
  ['aanvang', 'eind'].every((name) => isTime(member(value, name))) &&
  typeof member(value, 'klok') === 'string';

/** The latest that the schema of the claims takes: 2100. */
const LATEST = 4_102_444_800;
const isTime = (value: unknown): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LATEST;

const CLOCK: readonly Rule[] = [
  clockRule(
    'clock-of-law',
    '/raadpleging/eind',
    'must be so many hours of questioning after aanvang, midnight to 09:00 not counted',
    (clock) => (lawfulEnd(clock) ?? clock.eind) !== clock.eind,
  ),
  clockRule(
    'clock-begun',
    '/raadpleging/aanvang',
    'must not be later than iat',
    ({ aanvang }, { iat }) => aanvang > iat,
  ),
  clockRule(
    'clock-runs',
    '/raadpleging/eind',
    'must be later than iat, and not later than exp',
    ({ eind }, { iat, exp }) => eind <= iat || eind > exp,
  ),
];

export const QUESTION: readonly Rule[] = [
  recognisable('/inhoud/persoon'),
  answerBySignedTime,
  ...CLOCK,
];

export const INFORMATION_QUESTION: readonly Rule[] = [
  ...QUESTION,
  {
    id: 'question-once',
    places: ['/inhoud/specifiekeVragen/*/code'],
    melding: 'must not be asked twice',
    broken: once('/inhoud/specifiekeVragen/*/code'),
  },
];

export const ANSWER: readonly Rule[] = [recognisable('/inhoud/personen/*/persoon'), answersRefer];

export const INFORMATION_ANSWER: readonly Rule[] = [
  ...ANSWER,
  {
    id: 'answers-when-known',
    places: ['/inhoud/personen/*/antwoorden'],
    melding: 'must only be there for a person who is known',
    broken: (claims) =>
      select(claims, '/inhoud/personen/*')
        .filter(({ waarde }) => member(waarde, 'indicatieBekend') !== true)
        .filter(({ waarde }) => member(waarde, 'antwoorden') !== undefined)
        .map(({ plaats }) => `${plaats}/antwoorden`),
  },
];
