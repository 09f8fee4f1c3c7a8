/** The document says what the door does, examples are true, and the ADR's rules hold. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { doorRoutes } from '../../../router/door/routes.ts';
import { CODES } from '../../../schemas/codes.ts';
import { DOCUMENT, faultsOf, OPERATIONS } from './document.ts';

const routes = doorRoutes({} as Parameters<typeof doorRoutes>[0]);
const key = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

test('every route is in the document, and everything in the document is a route, in the same order', () => {
  assert.equal(OPERATIONS.map(key), routes.map(key));
});

test('a route takes, gives and guards what the document says', () => {
  for (const route of routes) {
    const operation = OPERATIONS.find((one) => key(one) === key(route))?.operation;
    const good = Object.entries(operation?.responses ?? {}).find(([status]) => status < '300');
    assert.equal(
      Object.keys(operation?.requestBody?.content ?? {}),
      route.takes ? [route.takes] : [],
    );
    assert.equal(Object.keys(good?.[1].content ?? {}), [route.gives ?? 'application/json']);
    assert.is(operation?.security?.length === 0, route.open === true, key(route));
    assert.is('401' in (operation?.responses ?? {}), route.open !== true, key(route));
  }
});

test('every example keeps to its schema', () => {
  let count = 0;
  const bodies = OPERATIONS.flatMap(({ operation }) => [
    ...Object.values(operation.requestBody?.content ?? {}),
    ...Object.values(operation.responses).flatMap(({ content }) => Object.values(content)),
  ]);
  for (const { schema, example } of bodies) {
    if (example === undefined) continue;
    assert.equal(faultsOf(schema, example), []);
    count += 1;
  }
  assert.ok(count >= OPERATIONS.length);
});

test('every reference leads somewhere', () => {
  for (const [, ref] of JSON.stringify(DOCUMENT).matchAll(/"\$ref":"([^"]+)"/g)) {
    const found = (ref ?? '').slice(2).split('/').reduce<unknown>(step, DOCUMENT);
    assert.ok(found, ref);
  }
});
const step = (at: unknown, name: string) => (at as Record<string, unknown> | undefined)?.[name];

test('every code that a submission can end in is named there', () => {
  const submit = JSON.stringify(OPERATIONS[0]?.operation.responses);
  const elsewhere = ['door', 'receipt', 'collect', 'statement', 'recipient', 'adapter'];
  for (const [code, { stage }] of Object.entries(CODES)) {
    if (!elsewhere.includes(stage)) assert.ok(submit.includes(`\`${code}\``), code);
  }
});

// The rules of the linter of the NLGov REST API Design Rules, by their names there.
const responses = OPERATIONS.flatMap(({ method, path, operation }) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    ...{ where: `${method} ${path} ${status}`, status, response },
  })),
);
const properties = [...JSON.stringify(DOCUMENT).matchAll(/"properties":\{/g)];

const RULES: Record<string, () => void> = {
  'nlgov:openapi3': () => assert.match(DOCUMENT.openapi, /^3(.\d+){1,2}$/),
  'nlgov:openapi-root-exists': () => assert.ok(DOCUMENT.openapi),
  'oas3-api-servers': () => assert.is(DOCUMENT.servers.length, 1),
  'operation-operationId-unique': () => {
    const ids = OPERATIONS.map(({ operation }) => operation.operationId);
    assert.is(new Set(ids).size, ids.length);
  },
  'openapi-tags-uniqueness': () => {
    const names = DOCUMENT.tags.map(({ name }) => name);
    assert.is(new Set(names).size, names.length);
    const used = new Set(OPERATIONS.flatMap(({ operation }) => operation.tags));
    assert.equal([...used].sort(), [...names].sort());
  },
  'path-params': () => {
    for (const { path, operation } of OPERATIONS) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = (operation.parameters ?? []).filter((one) => one['in'] === 'path');
      assert.equal(
        named.map((one) => one['name']),
        inPath,
      );
      assert.ok(named.every((one) => one['required'] === true));
    }
  },
  'nlgov:missing-version-header': () => {
    for (const { where, response } of responses) assert.ok(response.headers['API-Version'], where);
  },
  'nlgov:include-major-version-in-uri': () => {
    for (const { url } of DOCUMENT.servers) assert.match(url, /\/v\d+/);
  },
  'nlgov:servers-use-https': () => {
    for (const { url } of DOCUMENT.servers) assert.not.match(url, /^http:/);
  },
  'nlgov:paths-no-trailing-slash': () => {
    for (const { path } of OPERATIONS) assert.not.match(path, /.\/$/);
  },
  'nlgov:paths-kebab-case': () => {
    const rule =
      /^(\/|(\/_[a-z0-9]+|\/(([a-z0-9-]+|{[^}]+})(\/([a-z0-9-.]+|{[^}]+}))*)(\/_[a-z]+)?)\/?)$/;
    for (const { path } of OPERATIONS) if (path !== '/openapi.json') assert.match(path, rule);
  },
  'nlgov:query-keys-camel-case': () => {
    const query = OPERATIONS.flatMap(({ operation }) => operation.parameters ?? []);
    for (const one of query.filter((parameter) => parameter['in'] === 'query')) {
      assert.match(String(one['name']), /^\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*$/);
    }
  },
  'nlgov:schema-camel-case': () => {
    for (const name of Object.keys(DOCUMENT.components.schemas))
      assert.match(name, /^([A-Z][a-z0-9]+)+$/);
  },
  'nlgov:http-methods': () => {
    for (const { method } of OPERATIONS) assert.match(method, /^(POST|PUT|GET|DELETE|PATCH)$/);
  },
  'info-contact': () => assert.ok(DOCUMENT.info.contact),
  'nlgov:info-contact-fields-exist': () => {
    for (const name of ['email', 'name', 'url'] as const) assert.ok(DOCUMENT.info.contact[name]);
  },
  'nlgov:semver': () => assert.match(DOCUMENT.info.version, /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/),
  'nlgov:use-problem-schema': () => {
    for (const { where, status, response } of responses) {
      if (status >= '400')
        assert.equal(Object.keys(response.content), ['application/problem+json'], where);
    }
  },
  'nlgov:problem-schema-members': () => {
    const members = DOCUMENT.components.schemas.Probleem['required'] as string[];
    for (const name of ['status', 'title', 'detail']) assert.ok(members.includes(name));
  },
  'nlgov:problem-invalid-input': () => {
    for (const { method, path, operation } of OPERATIONS) {
      const asks = method !== 'GET' || (operation.parameters ?? []).length > 0;
      if (asks) assert.ok(operation.responses['400'], `${method} ${path}`);
    }
  },
  'nlgov:date-time-ensure-timezone': () => {
    assert.not.match(JSON.stringify(DOCUMENT), /"format":"(date-time-local|time)"/);
  },
  'nlgov:specify-format-for-date-and-time': () => {
    assert.ok(properties.length > 10);
    for (const [name, schema] of namedProperties(DOCUMENT)) {
      if (/^(date|datum)$|(\wD|_[dD])(ate|atum)/.test(name))
        assert.is(schema['format'], 'date', name);
    }
  },
};

function namedProperties(value: unknown): [string, Record<string, unknown>][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === 'properties'
      ? (Object.entries(inner) as [string, Record<string, unknown>][])
      : []),
    ...namedProperties(inner),
  ]);
}

for (const [name, rule] of Object.entries(RULES)) test(`rule ${name}`, rule);

test.run();
