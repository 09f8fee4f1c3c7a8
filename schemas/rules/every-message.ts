/** Rules for the claims of every message, and for every body. */
import { gemeentenVan } from '../reference.ts';
import { member, objectsWith } from './look.ts';
import { places, type Rule } from './rule.ts';

const DAY = 86_400;

export const EVERY_MESSAGE: readonly Rule[] = [
  {
    id: 'end-after-start',
    melding: 'must be later than iat',
    broken: ({ iat, exp }) => (exp <= iat ? ['/exp'] : []),
  },
  {
    id: 'end-within-30-days',
    melding: 'must be at most 30 days after iat',
    broken: ({ iat, exp }) => (exp > iat + 30 * DAY ? ['/exp'] : []),
  },
  {
    id: 'correct-or-withdraw',
    melding: 'must not stand beside vervangt: a message corrects or withdraws, not both',
    broken: (claims) => (claims.vervangt && claims.trektIn ? ['/trektIn'] : []),
  },
  {
    id: 'refers-to-another',
    melding: 'must be the jti of another message',
    broken: (claims) =>
      ['/verwijst', '/vervangt', '/trektIn'].flatMap((path) =>
        places(claims, path, (jti) => jti === claims.jti),
      ),
  },
  {
    id: 'not-to-oneself',
    melding: 'must not be the sender',
    broken: (claims) => places(claims, '/aud/*', (oin) => oin === claims.iss),
  },
];

export const EVERY_BODY: readonly Rule[] = [
  {
    id: 'value-or-reason',
    melding: 'must not be given for a value that is there',
    broken: (claims) =>
      objectsWith('redenGeenWaarde', claims.inhoud, '/inhoud').flatMap(({ plaats, waarde }) =>
        Object.keys(member(waarde, 'redenGeenWaarde') ?? {})
          .filter((name) => member(waarde, name) !== undefined)
          .map((name) => `${plaats}/redenGeenWaarde/${name}`),
      ),
  },
  {
    id: 'municipality-exists',
    melding: 'must be the code of a Dutch municipality',
    broken: (claims) =>
      ['gemeenteVanInschrijving', 'verantwoordelijkeGemeente', 'gemeente'].flatMap((name) =>
        objectsWith(name, claims.inhoud, '/inhoud')
          .filter(({ waarde }) => isUnknown(member(member(waarde, name), 'code'), claims.iat))
          .map(({ plaats }) => `${plaats}/${name}/code`),
      ),
  },
];

const isUnknown = (code: unknown, iat: number): boolean =>
  typeof code === 'string' &&
  Number.isSafeInteger(iat) &&
  gemeentenVan(code, iat * 1000).length === 0;
