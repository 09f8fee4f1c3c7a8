import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FORMATS } from '../../schemas/formats.ts';
import { CODELIJSTEN } from '../../schemas/generated/codelijsten.ts';
import type { VtMelding } from '../../schemas/generated/messages.ts';
import { BODIES } from '../../schemas/generated/messages-documents.ts';
import { addKeywords } from '../../schemas/keywords.ts';
import { bodySchema, messageTypes, municipalitiesOf, WITHDRAWAL } from '../../schemas/messages.ts';
import { MATRIX } from '../../schemas/policy.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { checkBody } from '../../schemas/validate.ts';
import { badSamples, goodSamples, messageWith, sampleTypes } from './samples.ts';

type Node = Readonly<Record<string, unknown>>;

/** Every subschema of a document with its place, properties by name and definitions included. */
function nodes(node: unknown, place = ''): { place: string; node: Node }[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item, at) => nodes(item, `${place}/${at}`));
  const below = Object.entries(node).flatMap(([key, value]) => nodes(value, `${place}/${key}`));
  const isNames = /\/(properties|\$defs)$/.test(place) || place.endsWith('/discriminator');
  return isNames ? below : [{ place, node: node as Node }, ...below];
}

const all = Object.entries(BODIES).flatMap(([name, schema]) =>
  nodes(schema).map(({ place, node }) => ({ place: `${name}${place}`, node })),
);

test('the eight types of the mission are there, each in version 1.0, with a sentence', () => {
  assert.equal(
    messageTypes().map(({ type }) => type),
    [
      'check-op-bekendheid',
      'halt-verwijzing',
      'uitkomst-casusinformatie',
      'uitslag-check-op-bekendheid',
      'verzoek-casusinformatie',
      'vt-melding',
      'vt-terugkoppeling',
      'zaak-gebeurtenis',
    ],
  );
  for (const { versions, summary } of messageTypes()) {
    assert.equal(versions, ['1.0']);
    assert.ok(summary.length > 20);
  }
  const sent = new Set(MATRIX.map((rule) => rule.berichttype));
  assert.equal(
    [...sent].sort(),
    messageTypes().map(({ type }) => type),
  );
});

test('a schema is served whole: it refers to nothing outside itself', () => {
  const schema = bodySchema('vt-melding', '1.0') as Node;
  assert.is(schema['$id'], 'urn:nl:ketenpost:schema:vt-melding:1.0');
  for (const { node, place } of all) {
    if (node['$ref'] !== undefined) assert.match(String(node['$ref']), /^#\/\$defs\/\w+$/, place);
  }
  for (const [type, version] of [
    ['vt-melding', '2.0'],
    ['toString', '1.0'],
    ['', ''],
  ] as const) {
    assert.is(bodySchema(type, version), undefined);
  }
});

test('strictness: objects are closed, arrays and texts bounded', () => {
  const loose = all.filter(({ node }) => {
    if (node['type'] === 'object' && node['oneOf'] === undefined)
      return node['additionalProperties'] !== false;
    if (node['type'] === 'array')
      return node['maxItems'] === undefined || node['minItems'] === undefined;
    if (node['type'] !== 'string') return false;
    const { maxLength, enum: list, const: one, format, pattern } = node;
    const isShort = list ?? one ?? maxLength ?? (format === 'email' ? undefined : format);
    return (
      isShort === undefined && /[*+]|,\}/.test(String(pattern ?? '+').replace(/\[[^\]]*\]/g, 'x'))
    );
  });
  assert.equal(
    loose.map(({ place }) => place),
    [],
  );
});

test('every field has a title, from which a portal makes its form', () => {
  const titles = (schema: Node, root: Node): unknown => {
    const ref = String(schema['$ref'] ?? '').slice('#/$defs/'.length);
    return schema['title'] ?? ((root['$defs'] as Node | undefined)?.[ref] as Node)?.['title'];
  };
  for (const [name, root] of Object.entries(BODIES)) {
    for (const { node, place } of nodes(root)) {
      for (const [key, field] of Object.entries((node['properties'] ?? {}) as Node)) {
        assert.type(titles(field as Node, root as Node), 'string', `${name}${place}/${key}`);
      }
    }
  }
});

test('every list of codes in a schema is the list in the reference data', () => {
  const lists: Record<string, { waarden: readonly { code: string }[] }> = CODELIJSTEN;
  const used = new Set<string>();
  for (const { node, place } of all) {
    const name = node['codelijst'];
    if (typeof name !== 'string') continue;
    used.add(name);
    assert.equal(
      node['enum'],
      lists[name]?.waarden.map(({ code }) => code),
      place,
    );
  }
  assert.equal([...used].sort(), Object.keys(lists).sort());
});

test('the bundled schema judges every sample as the documents on disk do', () => {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    discriminator: true,
    formats: FORMATS,
  });
  addKeywords(ajv);
  const folder = join('schemas', 'messages');
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json'))) {
    ajv.addSchema(read(file), file);
  }
  for (const type of sampleTypes()) {
    const onDisk = ajv.getSchema(`${type}-1.0.schema.json`);
    const bundled = new Ajv2020({ strict: false, discriminator: true, formats: FORMATS });
    addKeywords(bundled);
    const whole = bundled.compile(bodySchema(type, '1.0') ?? {});
    const bad = [...badSamples(type).values()].map(({ inhoud }) => inhoud);
    for (const inhoud of [...goodSamples(type).values(), ...bad]) {
      assert.is(onDisk?.(inhoud), whole(inhoud), type);
    }
  }
});

test('an unknown type or version is refused as such, and so is a withdrawal sent as a type', () => {
  const report = goodSamples('vt-melding').get('klein-2kb.json');
  for (const [type, version] of [
    ['vt-melding', '9.9'],
    ['brief', '1.0'],
    [WITHDRAWAL, '1.0'],
    ['__proto__', '1.0'],
  ] as const) {
    try {
      checkBody(type, version, messageWith('vt-melding', report));
      assert.unreachable();
    } catch (error) {
      assert.is((error as Refusal).code, 'type-unknown');
    }
  }
});

test('a body never shows in what is said of it', () => {
  const canary = 'KANARIE-Jansen-999990342';
  const spoil = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(spoil);
    if (typeof value !== 'object' || value === null) return canary;
    const spoilt = Object.entries(value).map(([key, item]) => [key, spoil(item)]);
    return { ...Object.fromEntries(spoilt), [canary]: { redenGeenWaarde: { [canary]: 1 } } };
  };
  for (const type of sampleTypes()) {
    for (const inhoud of goodSamples(type).values()) {
      const spoilt = spoil(inhoud) as Record<string, unknown>;
      const claims = messageWith(type, spoilt, { zaak: canary, jti: canary, iss: canary });
      try {
        checkBody(claims.berichttype, '1.0', claims);
        assert.unreachable();
      } catch (error) {
        assert.instance(error, Refusal);
        const said = JSON.stringify((error as Refusal).faults) + (error as Refusal).message;
        assert.not.match(said, 'KANARIE');
      }
    }
  }
});

test('whatever a body is, it is judged and not stumbled over', () => {
  const strange = [
    null,
    undefined,
    5,
    'x',
    [],
    [[]],
    { betrokkenen: 'x' },
    { betrokkenen: [null, 5, []] },
  ];
  for (const type of sampleTypes()) {
    for (const inhoud of strange) {
      for (const kop of [{}, { iat: 'x', exp: {} }, { iat: 1e300, exp: null }, { iat: -1 }]) {
        const claims = messageWith(type, inhoud, kop);
        assert.throws(
          () => checkBody(claims.berichttype, '1.0', claims),
          (error: unknown) => error instanceof Refusal && error.code === 'schema-invalid',
        );
      }
    }
  }
});

const codesOf = (inhoud: unknown): string[] =>
  municipalitiesOf(messageWith('vt-melding', inhoud)).map(({ code }) => code);

test('the municipality that is named wins; else those of the household, each once', () => {
  const report = goodSamples('vt-melding').get('heusden-spoed.json') as unknown as VtMelding;
  assert.equal(codesOf(report), ['0797']);
  const { verantwoordelijkeGemeente: _, ...rest } = report;
  const found = municipalitiesOf(messageWith('vt-melding', rest));
  assert.equal(
    found.map(({ code, plaats }) => [code, plaats]),
    [
      ['0797', '/inhoud/betrokkenen/0/gemeenteVanInschrijving/code'],
      ['0867', '/inhoud/betrokkenen/1/gemeenteVanInschrijving/code'],
    ],
  );
});

test('where a neighbour or a teacher lives says nothing of the household', () => {
  const person = (jeugdzorgrol: string, code: string) => ({
    ...{ type: 'NatuurlijkPersoon', jeugdzorgrol, gemeenteVanInschrijving: { code } },
  });
  const household = [person('jeugdige', '0855'), person('ouder met gezag', '0855')];
  const outsiders = [person('informant', '0363'), person('onderwijsgevende', '0599')];
  assert.equal(codesOf({ betrokkenen: [...outsiders, ...household] }), ['0855']);
  assert.equal(codesOf({ betrokkenen: outsiders }), []);
});

test('no municipality is made of what is not one', () => {
  for (const inhoud of [
    {},
    null,
    { betrokkenen: {} },
    { verantwoordelijkeGemeente: { code: 797 } },
  ]) {
    assert.equal(codesOf(inhoud), []);
  }
  assert.equal(codesOf(goodSamples('vt-terugkoppeling').get('overdracht.json')), []);
});

test.run();
