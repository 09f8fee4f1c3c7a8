/** Every schema is a good one: held against the meta-schema here, so that no process need do it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ADAPTER_CONFIG_SCHEMA } from '../../adapters/config/schema.ts';
import { ROUTES } from '../../adapters/connectors/rest/server.ts';
import { draftSchema } from '../../adapters/send/draft.ts';
import { ROUTER_CONFIG_SCHEMA } from '../../router/config/schema.ts';
import { FORMATS } from '../../schemas/formats.ts';
import { WIRE } from '../../schemas/generated/wire-documents.ts';
import { addKeywords } from '../../schemas/keywords.ts';
import { bodySchema, messageTypes } from '../../schemas/messages.ts';

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  discriminator: true,
  formats: FORMATS,
});
addKeywords(ajv);

const bodies = messageTypes().flatMap(({ type, versions }) =>
  versions.map((version) => [`${type} ${version}`, bodySchema(type, version) ?? {}] as const),
);
const routes = ROUTES.flatMap(({ method, path, body, answer }) => [
  [`${method} ${path}`, answer] as const,
  ...(body === undefined ? [] : [[`body of ${method} ${path}`, body] as const]),
]);

const ALL: readonly (readonly [name: string, schema: object])[] = [
  ...Object.entries(WIRE),
  ...bodies,
  ...routes,
  ['draft', draftSchema],
  ['router.yaml', ROUTER_CONFIG_SCHEMA],
  ['adapter.yaml', ADAPTER_CONFIG_SCHEMA],
];

test('every schema holds against the meta-schema of its draft', () => {
  for (const [name, schema] of ALL) {
    const said = ajv.validateSchema(schema) === true ? '' : ajv.errorsText(ajv.errors);
    assert.is(said, '', name);
  }
  assert.ok(ALL.length > 80, 'all of them are looked at');
  assert.is(ajv.validateSchema({ type: 'strnig' }), false, 'a slip is seen');
});

test.run();
