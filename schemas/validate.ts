/** Checks values against the schemas: what travels (`checkWire`) and what a message says (`checkBody`). */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { toFaults } from './faults.ts';
import { FORMATS } from './formats.ts';
import type { WireTypes } from './generated/wire.ts';
import { WIRE } from './generated/wire-documents.ts';
import { addKeywords } from './keywords.ts';
import { Refusal } from './refusal.ts';

export type { WireTypes };
/** The name of a document in schemas/wire/. */
export type WireName = keyof WireTypes;

/** A validator as all of Ketenpost uses it: strict, all faults, own properties only. */
export function createValidator(): Ajv2020 {
  const ajv = new Ajv2020({
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
