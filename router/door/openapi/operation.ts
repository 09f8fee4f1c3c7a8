/** Writes one operation: what it takes and gives, and every code that it may say no with, by status. */
import { CODES, type Code, type Stage } from '../../../schemas/codes.ts';
import { JSON_TYPE, PROBLEM_TYPE } from '../route.ts';
import type { JsonSchema } from './json-schema.ts';
import { refer, type SchemaName } from './schemas.ts';

export interface Body {
  readonly type?: string;
  readonly schema: SchemaName | JsonSchema;
  readonly example: unknown;
}

export interface OperationText {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly JsonSchema[];
  readonly takes?: Body;
  readonly gives: Body & { readonly status: 200 | 202; readonly headers?: readonly string[] };
  /** Besides those that every operation has. */
  readonly codes?: readonly Code[];
  readonly open?: boolean;
  /** Asked with a collection ticket as bearer token. */
  readonly ticket?: boolean;
}

/** Every operation can say these, whatever is asked. */
const ANYWAY: readonly Code[] = [
  ...(['bad-request', 'not-acceptable', 'request-timeout', 'headers-too-large'] as const),
  ...(['too-many-requests', 'temporarily-unavailable'] as const),
];
const WITH_BODY: readonly Code[] = ['unsupported-media-type', 'too-large', 'malformed'];

/** The codes that the stages may say, from the one table. */
export const codesOf = (...stages: readonly Stage[]): Code[] =>
  (Object.keys(CODES) as Code[]).filter((code) => stages.includes(CODES[code].stage));

const content = ({ type = JSON_TYPE, schema, example }: Body) => ({
  [type]: { schema: typeof schema === 'string' ? refer(schema) : schema, example },
});
const headers = (names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [
      name === 'ApiVersion' ? 'API-Version' : name === 'RetryAfter' ? 'Retry-After' : name,
      { $ref: `#/components/headers/${name}` },
    ]),
  );

export function operation(text: OperationText) {
  const { gives, takes, open = false, ticket = false } = text;
  const codes = [...ANYWAY, ...(takes ? WITH_BODY : []), ...(text.codes ?? [])];
  return {
    operationId: text.id,
    tags: [text.tag],
    summary: text.summary,
    ...(text.description === undefined ? {} : { description: text.description }),
    ...(open ? { security: [] } : {}),
    ...(ticket ? { security: [{ clientCertificate: [], collectionTicket: [] }] } : {}),
    ...(text.parameters === undefined ? {} : { parameters: text.parameters }),
    ...(takes ? { requestBody: { required: true, content: content(takes) } } : {}),
    responses: {
      [String(gives.status)]: {
        description: gives.status === 202 ? 'Accepted' : 'Here it is',
        headers: headers(['ApiVersion', ...(gives.headers ?? [])]),
        content: content(gives),
      },
      ...problems(open ? codes : ['not-authenticated', ...codes]),
    },
  };
}

/** One response for each status, which names its codes. */
function problems(codes: readonly Code[]) {
  const statuses = [...new Set(codes.map((code) => CODES[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const here = [...new Set(codes)].filter((code) => CODES[code].status === status);
      const retry = status === 429 || status === 503 ? ['RetryAfter'] : [];
      return [
        String(status),
        {
          description: here.map((code) => `\`${code}\`: ${CODES[code].title}`).join('\n\n'),
          headers: headers(['ApiVersion', ...retry]),
          content: { [PROBLEM_TYPE]: { schema: refer('Probleem') } },
        },
      ];
    }),
  );
}
