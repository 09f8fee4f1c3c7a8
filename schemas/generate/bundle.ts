/**
 * Makes each message schema stand by itself: what it shares with others comes in under `$defs`, and
 * a definition that takes in another (`allOf` with `unevaluatedProperties`) is written out, so
 * that a reader, a form or a validator needs one document and no resolving. Means the same.
 */
import type { Json, JsonObject } from './documents.ts';

const SHARED = 'gedeeld';
const FILE = /^([a-z]+(?:-[a-z]+)*)-([1-9]\d?\.\d{1,2})$/;

export interface Bundle {
  readonly type: string;
  readonly version: string;
  readonly schema: JsonObject;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One bundle for each `<type>-<version>.schema.json` of the folder. */
export function bundleAll(documents: ReadonlyMap<string, JsonObject>): Bundle[] {
  const shared = documents.get(SHARED)?.['$defs'] as JsonObject;
  return [...documents].flatMap(([file, document]) => {
    const [, type, version] = FILE.exec(file) ?? [];
    if (type === undefined || version === undefined) return [];
    const defs = { ...shared, ...(document['$defs'] as JsonObject | undefined) };
    return [{ type, version, schema: bundle(`${type}:${version}`, document, defs) }];
  });
}

function bundle(name: string, document: JsonObject, defs: JsonObject): JsonObject {
  const { $schema = null, $defs: _, ...body } = document;
  const root = resolve(body, defs) as JsonObject;
  const used = reach(root, defs);
  const kept = Object.fromEntries(
    Object.keys(defs)
      .filter((key) => used.has(key))
      .map((key) => [key, resolve(defs[key] ?? null, defs)]),
  );
  const id = `urn:nl:ketenpost:schema:${name}`;
  return { $schema, $id: id, ...root, ...(used.size > 0 ? { $defs: kept } : {}) };
}

/** References made local, compositions written out. */
function resolve(node: Json, defs: JsonObject): Json {
  if (Array.isArray(node)) return node.map((item) => resolve(item, defs));
  if (!isObject(node)) return node;
  const plain = node['unevaluatedProperties'] === false ? writeOut(node, defs) : node;
  return Object.fromEntries(
    Object.entries(plain).map(([key, value]) => [
      key,
      key === '$ref' ? `#/$defs/${nameOf(value)}` : resolve(value, defs),
    ]),
  );
}

const nameOf = (ref: Json): string => String(ref).split('#/$defs/')[1] ?? '';

/** `allOf` of definitions and own properties, as one closed object. */
function writeOut(node: JsonObject, defs: JsonObject): JsonObject {
  const { allOf, unevaluatedProperties: _, ...own } = node;
  const parts = (allOf as JsonObject[]).map((part) => defs[nameOf(part['$ref'] ?? null)]);
  const all = [...parts, own].filter(isObject);
  const names = (key: string) => [...new Set(all.flatMap((part) => (part[key] ?? []) as string[]))];
  const properties = Object.assign({}, ...all.map((part) => part['properties']));
  const [required, orReason] = [names('required'), names('verplichtOfReden')];
  return {
    ...own,
    additionalProperties: false,
    required,
    verplichtOfReden: orReason,
    properties,
  };
}

/** The definitions that a node needs, also through others. */
function reach(node: Json, defs: JsonObject, seen = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const item of node) reach(item, defs, seen);
  if (!isObject(node)) return seen;
  for (const [key, value] of Object.entries(node)) {
    if (key !== '$ref') reach(value, defs, seen);
    else if (!seen.has(nameOf(value))) {
      seen.add(nameOf(value));
      reach(resolve(defs[nameOf(value)] ?? null, defs), defs, seen);
    }
  }
  return seen;
}
