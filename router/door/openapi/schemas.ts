/** The bodies of the door's API: the wire schemas, and those that only this API has. */
import { WIRE } from '../../../schemas/generated/wire-documents.ts';
import { PATTERNS } from '../../../schemas/ids.ts';
import { STATES } from '../../../schemas/states.ts';
import { closed, type JsonSchema, listOf, text } from './json-schema.ts';
import { SUBSCRIPTION_SCHEMAS } from './subscription-schemas.ts';

export const refer = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const oin = text('OIN', { pattern: PATTERNS.oin });
const jti = text('Id of a message', { pattern: PATTERNS.uuid7 });
const jws = text('Compact JWS', { pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$' });
const states = Object.keys(STATES);

/** A wire schema without what only our own tools read. */
function plain(value: unknown): JsonSchema {
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    const kept = Object.entries(one).filter(([key]) => !['$schema', '$id', 'tsType'].includes(key));
    return Object.fromEntries(kept.map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value) as JsonSchema;
}

export const SCHEMAS = {
  Inzending: plain(WIRE.inzending),
  Ophaalverzoek: plain(WIRE.ophaalverzoek),
  Ophaalantwoord: plain(WIRE.ophaalantwoord),
  Berichtstatus: closed('Traffic data of one message, for its sender', {
    bericht: jti,
    dig: text('SHA-256 of the JWS as received', { pattern: PATTERNS.sha256 }),
    staat: text('State of the message as a whole', { enum: [...states, 'voorgenomen'] }),
    ontvangers: listOf(
      closed(
        'One copy',
        {
          oin,
          staat: text('State of this copy', { enum: [...states, 'wacht'] }),
          op: text('Since, in UTC', { format: 'date-time' }),
          code: text('Reason code, where there is one'),
        },
        ['op', 'code'],
      ),
      'The copies, one for each recipient',
    ),
  }),
  Ontvangstbewijzen: closed('The receipts about one message', {
    ontvangstbewijzen: listOf(jws, 'Byte for byte, in order of arrival'),
  }),
  Geschiedenis: closed(
    'Receipts since a moment',
    {
      ontvangstbewijzen: listOf(jws, 'Byte for byte, in the order in which they were kept'),
      verder: {
        type: 'integer',
        minimum: 1,
        description: 'There may be more: ask again with this as `na`',
      },
    },
    ['verder'],
  ),
  Bewijsnummer: closed('A receipt that counts', {
    jti: text('Id of the receipt', { pattern: PATTERNS.uuid7 }),
  }),
  ...SUBSCRIPTION_SCHEMAS,
  Organisaties: closed('The agencies in the register', {
    organisaties: listOf(
      closed('One agency', {
        oin,
        naam: text('Name'),
        rollen: listOf(text('Code of the list rollen'), 'What it is'),
        status: text('Whether it takes part now', { enum: ['actief', 'geschorst'] }),
        certificaten: listOf(
          closed('One certificate', {
            gebruik: text('tls, authenticiteit or vertrouwelijkheid'),
            x5t: text('SHA-256 of the certificate', { pattern: PATTERNS.sha256 }),
            geldigTot: text('Not used after, in UTC', { format: 'date-time' }),
          }),
          'Current and previous ones',
        ),
      }),
      'In order of OIN',
    ),
  }),
  Registervermelding: closed('What the register says of one agency', {
    oin,
    registratie: text('Signed by the registrar: verify it before you use a certificate in it', {
      pattern: jws['pattern'],
    }),
  }),
  Berichttypen: closed('The message types that this router knows', {
    berichttypen: listOf(
      closed('One message type', {
        berichttype: text('Name'),
        versies: listOf(text('Version'), 'Versions that may be used'),
        omschrijving: text('What it is for'),
      }),
      'In order of name',
    ),
  }),
  Probleem: {
    ...closed(
      'An error: problem details (RFC 9457)',
      {
        type: text('URN of the kind of problem', { pattern: '^urn:nl:ketenpost:probleem:' }),
        title: text('What is wrong'),
        status: { type: 'integer', minimum: 400, maximum: 599, description: 'HTTP status' },
        detail: text('What is wrong here, without content of the message'),
        instance: text('This occurrence; it stands in the log of the door', {
          pattern: '^urn:uuid:',
        }),
        code: text('Code; docs/errors.md lists them'),
        stadium: text('The stage that said no'),
        opnieuw: { type: 'boolean', description: 'Whether the same request may succeed later' },
        opnieuwNa: {
          type: 'integer',
          minimum: 1,
          description: 'Seconds after which trying again makes sense, where that is known',
        },
        advies: text('What to do next'),
        errors: listOf(
          closed('One fault', {
            plaats: text('JSON Pointer into the claims or the body'),
            melding: text('What is expected there, never the value found'),
          }),
          'Every fault that was found',
        ),
        ontvangstbewijs: text('The signed receipt geweigerd, where the sender is known', {
          pattern: jws['pattern'],
        }),
      },
      ['instance', 'ontvangstbewijs', 'opnieuwNa'],
    ),
  },
} as const satisfies Record<string, JsonSchema>;

export type SchemaName = keyof typeof SCHEMAS;

const header = (description: string, schema: JsonSchema) => ({ description, schema });

export const RESPONSE_HEADERS = {
  ApiVersion: header('Version of this API', { type: 'string', examples: ['1.0.0'] }),
  RetryAfter: header('Seconds to wait', { type: 'integer', minimum: 1 }),
  Location: header('Where to look up what became of it', {
    type: 'string',
    format: 'uri-reference',
  }),
} as const;
