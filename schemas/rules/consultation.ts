/** Rules for the questions of a prosecutor or partner and for the answers to them. */
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

export const QUESTION: readonly Rule[] = [recognisable('/inhoud/persoon'), answerBySignedTime];

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
