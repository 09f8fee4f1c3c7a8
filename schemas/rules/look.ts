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
  let found: Found[] = [{ plaats: '', waarde: claims }];
  for (const step of stepsOf(path)) {
    const next: Found[] = [];
    for (const one of found) down(one, step, next);
    found = next;
  }
  return found;
}

// The rules name a few dozen paths, and every message is asked for all of them.
const known = new Map<string, readonly string[]>();

function stepsOf(path: string): readonly string[] {
  const steps = known.get(path) ?? path.split('/').slice(1);
  known.set(path, steps);
  return steps;
}

/** Puts into `found` what stands one step further. */
function down({ plaats, waarde }: Found, step: string, found: Found[]): void {
  if (step !== '*') {
    const value = member(waarde, step);
    if (value !== undefined) found.push({ plaats: `${plaats}/${step}`, waarde: value });
  } else if (Array.isArray(waarde)) {
    for (const [i, item] of waarde.entries())
      found.push({ plaats: `${plaats}/${i}`, waarde: item });
  }
}

/** What stands at a path without `*`. */
export const at = (claims: unknown, path: string): unknown => select(claims, path)[0]?.waarde;

/** A member that was found by its name, anywhere in a value. */
export interface FoundMember extends Found {
  /** The object that has it. */
  readonly object: object;
}

/** Every own member with one of these names, at any depth. */
export function membersNamed(
  names: ReadonlySet<string>,
  value: unknown,
  base = '',
  found: FoundMember[] = [],
): readonly FoundMember[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, item] of Object.entries(value)) {
    if (names.has(name)) {
      found.push({ plaats: `${base}/${name}`, waarde: item, object: value });
    }
    if (typeof item === 'object') membersNamed(names, item, `${base}/${name}`, found);
  }
  return found;
}
