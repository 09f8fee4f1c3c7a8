/** The OpenAPI 3.1 document of the local API, made from its routes and the table of codes. */
import { CODES, isCode } from '../../../schemas/codes.ts';
import { handedOver } from './received-schema.ts';
import type { Route } from './route.ts';
import { employee } from './schemas.ts';

export const API_VERSION = '1.0.0';

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'errors'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(CODES) },
    stadium: { type: 'string', description: 'Where it was said' },
    opnieuw: { type: 'boolean', description: 'The same request may succeed later' },
    advies: { type: 'string', description: 'What to do next' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          plaats: { type: 'string', description: 'JSON Pointer into the request' },
          melding: { type: 'string' },
        },
      },
    },
  },
} as const;

/** May be answered by every route. */
const ALWAYS = ['bad-request', 'token-invalid', 'temporarily-unavailable', 'storage-full'];
const WITH_BODY = ['malformed', 'too-large', 'unsupported-media-type'];

export function openApi(routes: readonly Route[], url: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ketenpost adapter',
      version: API_VERSION,
      description: "The local interface between an agency's own systems and its Ketenpost adapter.",
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    servers: [{ url }],
    security: [{ token: [] }],
    paths,
    webhooks: { bericht: { post: handingOver } },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Probleem: problem },
    },
  };
}

/** What the adapter calls at the agency's own system, `webhook.url`. */
const handingOver = {
  summary: 'A received message is handed over, opened; a file in `in/` holds the same',
  operationId: 'post_bericht',
  parameters: [
    {
      ...{ in: 'header', name: 'Idempotency-Key', required: true, schema: { type: 'string' } },
      description: 'The same each time for the same message, whatever is told beside it',
    },
  ],
  requestBody: { required: true, content: { 'application/json': { schema: handedOver } } },
  responses: {
    '2XX': { description: 'It is taken over: the sender gets the receipt verwerkt' },
    '4XX': { description: 'It waits for a person; 408, 425 and 429 are tried again' },
    '5XX': { description: 'It is tried again' },
  },
} as const;

function operation(route: Route): object {
  const parameters = [
    ...(route.path.match(/\{(\w+)\}/g) ?? []).map((name) =>
      parameter('path', name.slice(1, -1), {}),
    ),
    ...(route.query ?? []).map((one) => ({ in: 'query', required: false, ...one })),
    ...(route.named ? [parameter('header', 'Ketenpost-Medewerker', employee)] : []),
  ];
  return {
    summary: route.summary,
    operationId: `${route.method} ${route.path}`.replaceAll(/\W+/g, '_').toLowerCase(),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: true, content: { 'application/json': { schema: route.body } } },
    }),
    responses: responses(route),
  };
}

const parameter = (where: 'path' | 'header', name: string, schema: object) => ({
  in: where,
  name,
  required: where === 'path',
  description: where === 'path' ? 'As the lists give it' : 'Who looks; percent-encoded UTF-8',
  schema: { type: 'string', ...schema },
});

function responses(route: Route): object {
  const codes = [...ALWAYS, ...(route.body ? WITH_BODY : []), ...route.codes].filter(isCode);
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status } = CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const schema = { $ref: '#/components/schemas/Probleem' };
  const problems = [...byStatus].map(([status, names]) => [
    String(status),
    { description: names.join(', '), content: { 'application/problem+json': { schema } } },
  ]);
  return {
    [route.status]: {
      description: route.summary,
      content: { 'application/json': { schema: route.answer } },
    },
    ...Object.fromEntries(problems),
  };
}
