/** The paths of the door, in the order of a message's life. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { EXAMPLES } from './examples.ts';
import type { JsonSchema } from './json-schema.ts';
import { codesOf, operation } from './operation.ts';
import { SUBSCRIPTION_PATHS } from './subscription-paths.ts';

const inPath = (name: string, description: string, pattern: string): JsonSchema => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', pattern },
});
const inHeader = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});

const jti = inPath('jti', 'Id of a message of your own', PATTERNS.uuid7);
const oin = inPath('oin', 'OIN of an agency', PATTERNS.oin);
const trace = inHeader('traceparent', 'W3C trace context; it goes with the message', {
  type: 'string',
});
const prio = inHeader(
  'Ketenpost-Prio',
  'Which queue to take; must be equal to the signed `prio`. normaal when absent',
  { type: 'string', enum: ['spoed', 'normaal'] },
);

export const PATHS = {
  '/berichten': {
    post: operation({
      id: 'dienBerichtIn',
      tag: 'berichten',
      summary: 'Submit a message',
      description:
        'A signed message (compact JWS), sealed for the router (compact JWE). The same message again is no error: the answer is the same, with `herhaald`.',
      parameters: [prio, trace],
      takes: {
        type: 'application/jose',
        schema: { type: 'string', description: 'Compact JWE' },
        example: EXAMPLES.jwe,
      },
      gives: {
        status: 202,
        schema: 'Inzending',
        example: EXAMPLES.inzending,
        headers: ['Location'],
      },
      codes: codesOf('receive', 'verify', 'validate', 'authorise', 'resolve', 'dispatch'),
    }),
  },
  '/berichten/{jti}': {
    get: operation({
      id: 'leesBerichtstatus',
      tag: 'berichten',
      summary: 'What became of a message that you sent',
      description: 'Of the agency that the ticket names as `postbus`.',
      parameters: [jti],
      gives: { status: 200, schema: 'Berichtstatus', example: EXAMPLES.berichtstatus },
      codes: [...codesOf('verify', 'collect'), 'not-found'],
      ticket: true,
    }),
  },
  '/berichten/{jti}/ontvangstbewijzen': {
    get: operation({
      id: 'leesOntvangstbewijzen',
      tag: 'berichten',
      summary: 'The receipts about a message that you sent',
      description: 'Of the agency that the ticket names as `postbus`.',
      parameters: [jti],
      gives: { status: 200, schema: 'Ontvangstbewijzen', example: EXAMPLES.ontvangstbewijzen },
      codes: [...codesOf('verify', 'collect'), 'not-found'],
      ticket: true,
    }),
  },
  '/ontvangstbewijzen/{kant}/{sinds}/{na}': {
    get: operation({
      id: 'leesGeschiedenis',
      tag: 'postbus',
      summary: 'The receipts since a moment about your own copies, or your own messages',
      description:
        'For a store that was restored from an older copy: what it lacks, it finds here. Give `verder` of one answer as `na` of the next question.',
      parameters: [
        inPath('kant', 'What you received, or what you sent', '^(ontvangen|verzonden)$'),
        inPath('sinds', 'Seconds since 1970', '^[0-9]{1,15}$'),
        inPath('na', 'What `verder` said last; 0 to begin', '^[0-9]{1,15}$'),
      ],
      gives: { status: 200, schema: 'Geschiedenis', example: EXAMPLES.geschiedenis },
      codes: [...codesOf('verify', 'collect'), 'bad-request'],
      ticket: true,
    }),
  },
  '/ontvangstbewijzen': {
    post: operation({
      id: 'geefOntvangstbewijs',
      tag: 'postbus',
      summary: 'State what became of a copy that you received',
      takes: {
        type: 'application/secevent+jwt',
        schema: { type: 'string', description: 'Receipt: Security Event Token (RFC 8417)' },
        example: EXAMPLES.ontvangstbewijs,
      },
      gives: { status: 202, schema: 'Bewijsnummer', example: EXAMPLES.bewijsnummer },
      codes: [...codesOf('receive', 'verify', 'validate', 'receipt'), 'not-found'],
    }),
  },
  '/postbus/{oin}/_ophalen': {
    post: operation({
      id: 'haalPostbusOp',
      tag: 'postbus',
      summary: 'Collect a mailbox',
      description:
        'Takes receipts for what was collected before, removes what the ticket lists in `gezien`, and gives what is new. When there is nothing, the answer waits for `wachten` seconds at most.',
      parameters: [oin],
      takes: { schema: 'Ophaalverzoek', example: EXAMPLES.ophaalverzoek },
      gives: { status: 200, schema: 'Ophaalantwoord', example: EXAMPLES.ophaalantwoord },
      codes: [...codesOf('receive', 'verify', 'validate', 'collect'), 'not-found'],
    }),
  },
  '/klokken': {
    post: operation({
      id: 'verklaarKlok',
      tag: 'klokken',
      summary: 'Begin, make longer or end a statutory clock of your own',
      description:
        'A signed statement (compact JWS, typ ketenpost-klok+jwt) about a message that you have. The same statement again does nothing more.',
      takes: {
        type: 'application/jose',
        schema: { type: 'string', description: 'Compact JWS' },
        example: EXAMPLES.ontvangstbewijs,
      },
      gives: { status: 202, schema: 'Bewijsnummer', example: EXAMPLES.bewijsnummer },
      codes: [...codesOf('receive', 'verify', 'validate', 'statement'), 'not-found'],
    }),
  },
  ...SUBSCRIPTION_PATHS,
  '/organisaties': {
    get: operation({
      id: 'lijstOrganisaties',
      tag: 'register',
      summary: 'The agencies that take part',
      gives: { status: 200, schema: 'Organisaties', example: EXAMPLES.organisaties },
    }),
  },
  '/organisaties/{oin}/certificaten': {
    get: operation({
      id: 'leesCertificaten',
      tag: 'register',
      summary: 'The register entry of an agency, signed by the registrar',
      parameters: [oin],
      gives: { status: 200, schema: 'Registervermelding', example: EXAMPLES.registervermelding },
      codes: ['not-found'],
    }),
  },
  '/berichttypen': {
    get: operation({
      id: 'lijstBerichttypen',
      tag: 'openbaar',
      summary: 'The message types',
      gives: { status: 200, schema: 'Berichttypen', example: EXAMPLES.berichttypen },
      open: true,
    }),
  },
  '/berichttypen/{berichttype}/{versie}/schema': {
    get: operation({
      id: 'leesBerichtschema',
      tag: 'openbaar',
      summary: 'The JSON Schema of the body of a message type',
      parameters: [
        inPath('berichttype', 'Name of a message type', '^[a-z]+(-[a-z]+)*$'),
        inPath('versie', 'Version of it', '^[1-9][0-9]?\\.[0-9]{1,2}$'),
      ],
      gives: {
        status: 200,
        type: 'application/schema+json',
        schema: { type: 'object' },
        example: { type: 'object' },
      },
      codes: ['not-found'],
      open: true,
    }),
  },
  '/openapi.json': {
    get: operation({
      id: 'leesOpenApi',
      tag: 'openbaar',
      summary: 'This document',
      gives: { status: 200, schema: { type: 'object' }, example: { openapi: '3.1.0' } },
      open: true,
    }),
  },
} as const;
