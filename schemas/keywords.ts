/**
 * The words that the schemas of Ketenpost use beside JSON Schema 2020-12. schemas/messages/README.md
 * tells other implementations what they mean; whoever ignores them accepts more than Ketenpost does.
 */
import type { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * The check on a burgerservicenummer: nine digits, weights 9 to 2 and -1, divisible by eleven, and
 * not all zero.
 */
export function passesElevenTest(digits: string): boolean {
  if (!/^\d{9}$/.test(digits) || digits === '000000000') return false;
  const sum = [...digits].reduce(
    (total, digit, at) => total + Number(digit) * (at === 8 ? -1 : 9 - at),
    0,
  );
  return sum % 11 === 0;
}

/** The named members of `data` that are neither there nor excused in `redenGeenWaarde`. */
export function missingWithoutReason(names: readonly string[], data: object): string[] {
  const reasons = Object.hasOwn(data, 'redenGeenWaarde')
    ? (data as Record<string, unknown>)['redenGeenWaarde']
    : undefined;
  const excused = (name: string) =>
    typeof reasons === 'object' && reasons !== null && Object.hasOwn(reasons, name);
  return names.filter((name) => !Object.hasOwn(data, name) && !excused(name));
}

/** Adds the words to a validator. */
export function addKeywords(ajv: Ajv2020): void {
  // Notes that check nothing: the type in TypeScript, and the list that explains an enum's codes.
  ajv.addKeyword({ keyword: 'tsType', schemaType: 'string' });
  ajv.addKeyword({ keyword: 'codelijst', schemaType: 'string' });
  ajv.addKeyword({
    keyword: 'elfproef',
    type: 'string',
    schemaType: 'boolean',
    errors: false,
    validate: (on: boolean, text: string) => !on || passesElevenTest(text),
  });
  ajv.addKeyword({
    keyword: 'verplichtOfReden',
    type: 'object',
    schemaType: 'array',
    errors: 'full',
    compile: compileRequiredOrReason,
  });
}

interface Validate {
  (data: object): boolean;
  errors?: { keyword: string; params: { missingProperty: string } }[];
}

function compileRequiredOrReason(names: readonly string[]): Validate {
  const validate: Validate = (data) => {
    validate.errors = missingWithoutReason(names, data).map((name) => ({
      keyword: 'verplichtOfReden',
      params: { missingProperty: name },
    }));
    return validate.errors.length === 0;
  };
  return validate;
}
