/** Checks values against the schemas: what travels (`checkWire`) and what a message says (`checkBody`). */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { COMPILE } from './compile.ts';
import { tidy, toFaults } from './faults.ts';
import { FORMATS } from './formats.ts';
import { BODIES } from './generated/messages-documents.ts';
import type { Bericht, WireTypes } from './generated/wire.ts';
import { WIRE } from './generated/wire-documents.ts';
import { addKeywords } from './keywords.ts';
import { bodySchema, messageTypes, WITHDRAWAL } from './messages.ts';
import { type Fault, Refusal } from './refusal.ts';
import { brokenRules } from './rules.ts';

export { bodySchema, messageTypes } from './messages.ts';
export type { WireTypes };
/** The name of a document in schemas/wire/. */
export type WireName = keyof WireTypes;

/** A validator as all of Ketenpost uses it: strict, all faults, own properties only. */
export function createValidator(): Ajv2020 {
  const ajv = new Ajv2020({
    ...COMPILE,
    allErrors: true,
    ownProperties: true,
    strict: true,
    discriminator: true,
    // Gives each error the schema it comes from; the data that comes with it is never read.
    verbose: true,
    formats: FORMATS,
  });
  addKeywords(ajv);
  return ajv;
}

const ajv = createValidator();
const compiled = new Map<object, ValidateFunction>();

/** Compiles a schema once, when it is first needed. */
function validatorOf(schema: object): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/** Compiles all schemas (about a third of a second), so that no message has to wait for it. */
export function compileSchemas(): void {
  for (const document of Object.values(WIRE)) validatorOf(document);
  for (const { type, versions } of messageTypes()) {
    for (const version of versions) validatorOf(bodySchema(type, version) ?? {});
  }
}

/** Every name of a member that the documents know. */
function namesIn(documents: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (typeof documents !== 'object' || documents === null) return names;
  for (const [key, value] of Object.entries(documents)) {
    if (key === 'properties') for (const name of Object.keys(value)) names.add(name);
    namesIn(value, names);
  }
  return names;
}

const WIRE_NAMES = namesIn(WIRE);

/**
 * Takes a value that came from outside as what it should be.
 * @throws Refusal schema-invalid, with every fault by JSON Pointer into the value
 */
export function checkWire<K extends WireName>(name: K, value: unknown): WireTypes[K] {
  const validate = validatorOf(WIRE[name]);
  if (validate(value)) return value as WireTypes[K];
  throw new Refusal('schema-invalid', undefined, toFaults(validate.errors ?? [], '', WIRE_NAMES));
}

const BODY_NAMES = namesIn([BODIES, WIRE]);

/**
 * Checks what a message says: its body by the schema of type and version, and the rules that a
 * schema cannot say. The body of a message that withdraws another is an `intrekking`.
 * @throws Refusal type-unknown, or schema-invalid with every fault by JSON Pointer into the claims
 */
export function checkBody(type: string, version: string, claims: Bericht): void {
  const schema = bodySchema(type, version);
  if (schema === undefined || type === WITHDRAWAL) throw new Refusal('type-unknown');
  const withdraws = claims.trektIn !== undefined;
  const validate = validatorOf(withdraws ? WITHDRAWAL_SCHEMA : schema);
  const bySchema = validate(claims.inhoud)
    ? []
    : toFaults(validate.errors ?? [], '/inhoud', BODY_NAMES);
  const byRule = brokenRules(withdraws ? WITHDRAWAL : type, claims).filter(isKnownPlace);
  const faults = tidy([...bySchema, ...byRule]);
  if (faults.length > 0) throw new Refusal('schema-invalid', undefined, faults);
}

const WITHDRAWAL_SCHEMA = bodySchema(WITHDRAWAL, '1.0') ?? { not: {} };

/** What stands under a name that nobody knows is refused by the schema; the name is not repeated. */
const isKnownPlace = ({ plaats }: Fault): boolean =>
  plaats.split('/').every((step) => /^\d*$/.test(step) || BODY_NAMES.has(step));
