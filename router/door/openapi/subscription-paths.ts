/** The routes of subscriptions. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { EXAMPLES } from './examples.ts';
import type { JsonSchema } from './json-schema.ts';
import { codesOf, operation } from './operation.ts';

const id: JsonSchema = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of a subscription of your own',
  schema: { type: 'string', pattern: PATTERNS.uuid7 },
};
const inQuery = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
  ...{ name, in: 'query', required: false, description, schema },
});

export const SUBSCRIPTION_PATHS = {
  '/subscriptions': {
    post: operation({
      id: 'verklaarAbonnement',
      tag: 'abonnementen',
      summary: 'Begin or end a subscription to case updates',
      description:
        'A signed statement (compact JWS, typ ketenpost-abonnement+jwt). It needs a basis for which the matrix of who may be told what has a rule for you, and at least one of `zaak` (with the `bron` whose case it is), `typen` and `regio`. The same again does nothing more.',
      takes: {
        type: 'application/jose',
        schema: { type: 'string', description: 'Compact JWS' },
        example: EXAMPLES.abonnementsverklaring,
      },
      gives: {
        status: 202,
        schema: 'Abonnement',
        example: EXAMPLES.abonnement,
        headers: ['Location'],
      },
      codes: [
        ...codesOf('receive', 'verify', 'validate', 'statement'),
        ...(['id-reused', 'not-authorised', 'not-found'] as const),
      ],
    }),
    get: operation({
      id: 'lijstAbonnementen',
      tag: 'abonnementen',
      summary: 'Your subscriptions',
      gives: {
        status: 200,
        schema: 'Abonnementen',
        example: { abonnementen: [EXAMPLES.abonnement] },
      },
      codes: codesOf('verify', 'collect'),
      ticket: true,
    }),
  },
  '/subscriptions/{id}': {
    get: operation({
      id: 'leesAbonnement',
      tag: 'abonnementen',
      summary: 'A subscription of your own',
      parameters: [id],
      gives: { status: 200, schema: 'Abonnement', example: EXAMPLES.abonnement },
      codes: [...codesOf('verify', 'collect'), 'not-found'],
      ticket: true,
    }),
  },
  '/subscriptions/{id}/events': {
    get: operation({
      id: 'haalGebeurtenissen',
      tag: 'abonnementen',
      summary: 'What lies in your mailbox for a subscription',
      description:
        'Looked at, and left there: each goes by your receipt (POST /v1/ontvangstbewijzen), as any delivery. Give the `sequence` of the last event as `since` of the next question, until the answer is empty; without `since` it begins with the first that lies there.',
      parameters: [
        id,
        inQuery('since', '`sequence` of the last event that you have', {
          type: 'string',
          pattern: '^[0-9]{20}$',
        }),
        inQuery('limit', 'So many at most; an answer never weighs more than 3 MB', {
          type: 'integer',
          minimum: 1,
          maximum: 100,
          default: 100,
        }),
      ],
      gives: {
        status: 200,
        type: 'application/cloudevents-batch+json',
        schema: 'Gebeurtenissen',
        example: EXAMPLES.gebeurtenissen,
      },
      codes: [...codesOf('verify', 'collect'), 'not-found', 'subscription-ended'],
      ticket: true,
    }),
  },
} as const;
