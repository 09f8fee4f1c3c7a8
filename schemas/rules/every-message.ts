/** Rules for the claims of every message, and for every body. */
import { gemeentenVan } from '../reference.ts';
import { member, membersNamed } from './look.ts';
import { placesWhere, type Rule } from './rule.ts';

const DAY = 86_400;
const QUESTIONS: ReadonlySet<unknown> = new Set(['check-op-bekendheid', 'verzoek-casusinformatie']);

export const EVERY_MESSAGE: readonly Rule[] = [
  {
    id: 'end-after-start',
    places: ['/exp'],
    melding: 'must be later than iat',
    broken: ({ iat, exp }) => (exp <= iat ? ['/exp'] : []),
  },
  {
    id: 'end-within-30-days',
    places: ['/exp'],
    melding: 'must be at most 30 days after iat',
    broken: ({ iat, exp }) => (exp > iat + 30 * DAY ? ['/exp'] : []),
  },
  {
    id: 'correct-or-withdraw',
    places: ['/trektIn'],
    melding: 'must not stand beside vervangt: a message corrects or withdraws, not both',
    broken: (claims) => (claims.vervangt && claims.trektIn ? ['/trektIn'] : []),
  },
  {
    id: 'refers-to-another',
    places: ['/verwijst', '/vervangt', '/trektIn'],
    melding: 'must be the jti of another message',
    broken: (claims) =>
      ['/verwijst', '/vervangt', '/trektIn'].flatMap((path) =>
        placesWhere(claims, path, (jti) => jti === claims.jti),
      ),
  },
  {
    id: 'clock-with-question',
    places: ['/raadpleging'],
    melding: 'must only stand with a question to partners: nothing else waits for an answer',
    broken: ({ raadpleging, berichttype, trektIn }) =>
      raadpleging !== undefined && (!QUESTIONS.has(berichttype) || trektIn !== undefined)
        ? ['/raadpleging']
        : [],
  },
  {
    id: 'not-to-oneself',
    places: ['/aud/*'],
    melding: 'must not be the sender',
    broken: (claims) => placesWhere(claims, '/aud/*', (oin) => oin === claims.iss),
  },
];

const REASONS: ReadonlySet<string> = new Set(['redenGeenWaarde']);
const MUNICIPALITIES: ReadonlySet<string> = new Set([
  'gemeenteVanInschrijving',
  'verantwoordelijkeGemeente',
  'gemeente',
]);

export const EVERY_BODY: readonly Rule[] = [
  {
    id: 'value-or-reason',
    places: ['/inhoud/**/redenGeenWaarde/*'],
    melding: 'must not be given for a value that is there',
    broken: ({ inhoud }) =>
      membersNamed(REASONS, inhoud, '/inhoud').flatMap(({ plaats, waarde, object }) =>
        Object.keys(waarde ?? {})
          .filter((name) => member(object, name) !== undefined)
          .map((name) => `${plaats}/${name}`),
      ),
  },
  {
    id: 'municipality-exists',
    places: ['/inhoud/**/code'],
    melding: 'must be the code of a Dutch municipality',
    broken: ({ inhoud, iat }) =>
      membersNamed(MUNICIPALITIES, inhoud, '/inhoud')
        .filter(({ waarde }) => isUnknown(member(waarde, 'code'), iat))
        .map(({ plaats }) => `${plaats}/code`),
  },
];

/** The code of those who are registered as not living in the Netherlands (BRP, tabel 33). */
const NON_RESIDENTS = '1999';

const isUnknown = (code: unknown, iat: number): boolean =>
  typeof code === 'string' &&
  code !== NON_RESIDENTS &&
  Number.isSafeInteger(iat) &&
  gemeentenVan(code, iat * 1000).length === 0;
