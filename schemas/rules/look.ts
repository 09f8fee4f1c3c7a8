/**
 * Looks into claims that nobody has vouched for: the rules run beside the schema, so that a sender
 * hears of every fault at once, and must not stumble over what the schema refuses.
 */

/** A place in the claims and what stands there. */
export interface Found {
  /** JSON Pointer. */
  readonly plaats: string;
  readonly waarde: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own member of this name; undefined where there is none, or no object. */
export const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** What stands at a path, where `*` means each item of an array. Absent members are left out. */
export function select(claims: unknown, path: string): Found[] {
  const start: Found[] = [{ plaats: '', waarde: claims }];
  return path
    .split('/')
    .slice(1)
    .reduce((found, step) => found.flatMap((one) => down(one, step)), start);
}

function down({ plaats, waarde }: Found, step: string): Found[] {
  if (step === '*') {
    const items: readonly unknown[] = Array.isArray(waarde) ? waarde : [];
    return items.map((item, i) => ({ plaats: `${plaats}/${i}`, waarde: item }));
  }
  const value = member(waarde, step);
  return value === undefined ? [] : [{ plaats: `${plaats}/${step}`, waarde: value }];
}

/** What stands at a path without `*`. */
export const at = (claims: unknown, path: string): unknown => select(claims, path)[0]?.waarde;

/** Every object at or under a value that has a member of this name. */
export function objectsWith(name: string, value: unknown, plaats = ''): Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = member(value, name) === undefined ? [] : [{ plaats, waarde: value }];
  return [
    ...here,
    ...Object.entries(value).flatMap(([key, item]) => objectsWith(name, item, `${plaats}/${key}`)),
  ];
}
