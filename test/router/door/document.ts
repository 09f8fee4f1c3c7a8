/** Holds what the door says against what its OpenAPI document says that it says. */
import * as assert from 'uvu/assert';
import { ALWAYS } from '../../../router/door/headers.ts';
import type { JsonSchema } from '../../../router/door/openapi/json-schema.ts';
import { openApi } from '../../../router/door/openapi.ts';
import { createValidator } from '../../../schemas/validate.ts';

interface Media {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Record<string, unknown>[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<
    string,
    { readonly headers: Record<string, object>; readonly content: Record<string, Media> }
  >;
}

export const DOCUMENT = openApi();
/** Every operation with its method and path. */
export const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    operation,
  })),
);

const validator = createValidator();

/** @returns the faults of a value against a schema of the document; none is an empty list */
export function faultsOf(schema: JsonSchema, value: unknown): string[] {
  const ref = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
  const whole = ref === undefined ? schema : DOCUMENT.components.schemas[ref as 'Probleem'];
  const validate = validator.compile(whole as object);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Fails the test when the answer is not one that the document promises. */
export function checkAnswer(method: string, path: string, { status, headers, body }: Answered) {
  const where = `${method} ${path} ${status}`;
  for (const [name, value] of Object.entries(ALWAYS)) assert.is(headers[name], value, where);
  const type = String(headers['content-type']).split(';')[0] ?? '';
  if (status >= 400) assert.is(type, 'application/problem+json', where);
  const operation = find(method, path);
  if (operation === undefined) {
    assert.ok(status >= 400, where);
    if (method !== 'HEAD') assert.equal(faultsOf(problem, body), [], where);
    return;
  }
  const response = operation.responses[String(status)];
  assert.ok(response, `${where} is in the document`);
  const media = response?.content[type];
  assert.ok(media, `${where} ${type} is in the document`);
  if (media) assert.equal(faultsOf(media.schema, body), [], where);
  if ([429, 503].includes(status)) assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
}

const problem = { $ref: '#/components/schemas/Probleem' };

function find(method: string, path: string): Operation | undefined {
  const [plain = ''] = path.split('?');
  return OPERATIONS.find((one) => {
    const pattern = one.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+');
    return one.method === method && new RegExp(`^/v1${pattern}$`).test(plain);
  })?.operation;
}
