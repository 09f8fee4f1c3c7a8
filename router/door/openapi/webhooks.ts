/** What the router does at the endpoint of an agency, where the register names one: the same language, the other way round. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { EXAMPLES } from './examples.ts';
import type { JsonSchema } from './json-schema.ts';

const header = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string', ...schema },
});

const HEADERS = [
  header('Idempotency-Key', 'The same for every try: answer a repeat as you answered before', {
    pattern: '^[0-9A-Z]{20}\\.[0-9a-f-]{36}(\\.[a-z]+)?$',
  }),
  header('Ketenpost-Soort', 'What it is', {
    enum: ['aflevering', 'ontvangstbewijs', 'alarm', 'mededeling'],
  }),
  header('Ketenpost-Ontvanger', 'OIN of the agency whose mailbox it is from', {
    pattern: PATTERNS.oin,
  }),
  header('Ketenpost-Afzender', 'OIN of who made it', { pattern: PATTERNS.oin }),
  header('Ketenpost-Bericht', 'Its id', { pattern: PATTERNS.uuid7 }),
  header('Ketenpost-Prio', 'Urgent goes first', { enum: ['spoed', 'normaal'] }),
];

const text = (description: string): JsonSchema => ({ type: 'string', description });
const body = (types: readonly string[], description: string) => ({
  required: true,
  content: Object.fromEntries(types.map((type) => [type, { schema: text(description) }])),
});

const ELSE = {
  '204': {
    description: 'Taken; what is to be signed comes later, and until then it is brought again',
  },
  '410': { description: 'Gone: nothing is brought until the registrar changes the entry' },
  '429': {
    description: 'Later: nothing is brought for as long as Retry-After says, an hour at most',
    headers: {
      'Retry-After': { schema: { type: 'string' }, description: 'Seconds or an HTTP date' },
    },
  },
  default: {
    description:
      'Not taken, brought again: after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours; urgent items after 5 minutes at most. Redirects are not followed',
  },
} as const;

const answer = (type: string, description: string, example?: unknown) => ({
  '200': {
    description,
    content: { [type]: { schema: text('Compact JWS'), ...(example !== undefined && { example }) } },
  },
  ...ELSE,
});

export const WEBHOOKS = {
  aflevering: {
    post: {
      operationId: 'bezorgAflevering',
      tags: ['postbus'],
      summary: 'A message is brought',
      description:
        'The sealed delivery, as `_ophalen` gives it. Store it, then answer with your receipt, or give that later by POST /v1/ontvangstbewijzen.',
      parameters: HEADERS,
      requestBody: body(['application/jose'], 'Compact JWE'),
      responses: answer(
        'application/secevent+jwt',
        'Your receipt (16,384 bytes at most)',
        EXAMPLES.ontvangstbewijs,
      ),
    },
  },
  stuk: {
    post: {
      operationId: 'bezorgStuk',
      tags: ['postbus'],
      summary: 'A receipt, an alarm or a notice is brought',
      description:
        'Store it, then answer with a collection ticket of your own mailbox that lists it in `gezien` as `<OIN>.<jti>`, by `iss` and `jti` that are signed inside: so that nobody else can say that you have it.',
      parameters: HEADERS,
      requestBody: body(['application/secevent+jwt', 'application/jwt'], 'Compact JWS'),
      responses: answer(
        'application/jwt',
        'Your ticket (ophaalbewijs), with `gezien`',
        EXAMPLES.gezien,
      ),
    },
  },
};
