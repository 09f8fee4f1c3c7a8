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

/** Every object at or under a value that has a member of this name. */
export function objectsWith(name: string, value: unknown, plaats = ''): Found[] {
  const found: Found[] = [];
  gather(name, value, plaats, found);
  return found;
}

function gather(name: string, value: unknown, plaats: string, found: Found[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (member(value, name) !== undefined) found.push({ plaats, waarde: value });
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'object') gather(name, item, `${plaats}/${key}`, found);
  }
}
