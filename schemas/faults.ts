/**
 * Says what a validator found: every fault by JSON Pointer, in words that come from the schema
 * alone. What stood in the message is never repeated, not even the name of a member that nobody
 * knows: people put names and numbers in the strangest places.
 */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { inWords } from './ids.ts';
import type { Fault } from './refusal.ts';

/** A receipt holds no more faults than this (wire schema `ontvangstbewijs`). */
export const MOST_FAULTS = 200;
const LONGEST = 512;

type Params = Readonly<Record<string, unknown>>;

/** What is expected, by keyword of JSON Schema. Only the schema's own words may go in. */
const WORDS: Readonly<Record<string, (params: Params) => string>> = {
  type: (p) => `must be of type ${list(p['type'])}`,
  enum: (p) => `must be one of ${list(p['allowedValues'])}`,
  const: (p) => `must be ${list(p['allowedValue'])}`,
  pattern: (p) => matching(String(p['pattern'])),
  format: (p) => `must be a valid ${String(p['format'])}`,
  minLength: (p) => `must have at least ${String(p['limit'])} characters`,
  maxLength: (p) => `must have at most ${String(p['limit'])} characters`,
  minItems: (p) => `must have at least ${String(p['limit'])} items`,
  maxItems: (p) => `must have at most ${String(p['limit'])} items`,
  minProperties: (p) => `must have at least ${String(p['limit'])} members`,
  minimum: (p) => `must be at least ${String(p['limit'])}`,
  maximum: (p) => `must be at most ${String(p['limit'])}`,
  uniqueItems: () => 'must not hold the same item twice',
  required: () => 'is required',
  dependentRequired: (p) => `is required with ${String(p['property'])}`,
  verplichtOfReden: () => 'is required, or else a reason in redenGeenWaarde',
  additionalProperties: () => 'is not known here',
  discriminator: () => 'must be one of the types that are possible here',
  elfproef: () => 'must be a number that passes the 11-proef',
};

function matching(pattern: string): string {
  const words = inWords(pattern);
  return words === undefined ? `must match ${pattern}` : `must be ${words}`;
}

const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));

/** One step of a JSON Pointer (RFC 6901 §3). */
const step = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * The faults of a value, in order of place, none twice.
 * @param base where the value stands in the message
 * @param known the names that schemas use: only these may be repeated
 */
export function toFaults(
  errors: readonly ErrorObject[],
  base: string,
  known: ReadonlySet<string>,
): Fault[] {
  return tidy(errors.map((error) => toFault(error, base, known)));
}

/** In order of place, none twice, no more than a receipt can hold. */
export function tidy(faults: readonly Fault[]): Fault[] {
  const byText = new Map(faults.map((fault) => [`${fault.plaats}\n${fault.melding}`, fault]));
  return [...byText.values()]
    .sort((a, b) => (a.plaats < b.plaats ? -1 : a.plaats > b.plaats ? 1 : 0))
    .slice(0, MOST_FAULTS);
}

function toFault(error: ErrorObject, base: string, known: ReadonlySet<string>): Fault {
  const params: Params = error.params;
  const place = base + error.instancePath;
  const name = params['missingProperty'] ?? params['additionalProperty'] ?? params['tag'];
  const melding = WORDS[error.keyword]?.(params) ?? 'is not as the schema says';
  if (typeof name !== 'string') return fault(place, melding);
  if (known.has(name)) return fault(place + step(name), melding);
  const possible = Object.keys(error.parentSchema?.['properties'] ?? {});
  return fault(place, `has a member that is not known here; possible are: ${list(possible)}`);
}

const fault = (plaats: string, melding: string): Fault => ({
  plaats: plaats.slice(0, LONGEST),
  melding: melding.slice(0, LONGEST),
});
