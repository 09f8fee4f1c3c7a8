/** What a rule is, and the kinds of rules that come back in more than one message type. */
import type { Bericht } from '../generated/wire.ts';
import { dayOf } from '../reference.ts';
import { at, member, select } from './look.ts';

/** Something that must hold and that JSON Schema cannot say. */
export interface Rule {
  /** Stable, for documentation and tests. */
  readonly id: string;
  /** Where its faults stand: `*` is any item or member, `**` any way down. */
  readonly places: readonly string[];
  /** What is expected, in words that never hold a value of the message. */
  readonly melding: string;
  /** The places where it does not hold. Must bear claims of any shape. */
  readonly broken: (claims: Bericht) => readonly string[];
}

/** The Dutch day on which the message was signed; undefined when `iat` makes no sense. */
function signedOn({ iat }: Bericht): string | undefined {
  return Number.isSafeInteger(iat) && iat >= 0 && iat < 8e12 ? dayOf(iat * 1000) : undefined;
}

/** The values at a path may not be repeated: the later ones are the fault. */
export const once =
  (...paths: readonly string[]) =>
  (claims: Bericht): string[] => {
    const seen = new Set<unknown>();
    return paths
      .flatMap((path) => select(claims, path))
      .filter(({ waarde }) => seen.size === seen.add(waarde).size)
      .map(({ plaats }) => plaats);
  };

/** The values at a path must stand at one of the other paths. */
export const refersTo =
  (path: string, ...targets: readonly string[]) =>
  (claims: Bericht): string[] => {
    const known = new Set(targets.flatMap((to) => select(claims, to)).map(({ waarde }) => waarde));
    return placesWhere(claims, path, (waarde) => !known.has(waarde));
  };

/** What is no text is for the schema to refuse: an object could not even be made into one. */
const isAfter = (day: unknown, last: unknown): boolean =>
  typeof day === 'string' && typeof last === 'string' && day > last;

/** Days at a path may not come after the one at another path. */
export const notAfter =
  (path: string, limit: string) =>
  (claims: Bericht): string[] => {
    const last = at(claims, limit);
    return placesWhere(claims, path, (day) => isAfter(day, last));
  };

/** Days at these paths may not come after the day of signing. */
export const notInFuture =
  (...paths: readonly string[]) =>
  (claims: Bericht): string[] => {
    const today = signedOn(claims);
    return paths.flatMap((path) => placesWhere(claims, path, (day) => isAfter(day, today)));
  };

/** A member of the objects at a path is there if, and only if, the condition holds for the object. */
export const onlyAndAlways =
  (path: string, name: string, when: (value: unknown) => boolean) =>
  (claims: Bericht): string[] =>
    select(claims, path)
      .filter(({ waarde }) => (member(waarde, name) !== undefined) !== when(waarde))
      .map(({ plaats }) => `${plaats}/${name}`);

/** The places at a path whose value fits the description. */
export const placesWhere = (
  claims: Bericht,
  path: string,
  test: (value: unknown) => boolean,
): string[] =>
  select(claims, path)
    .filter(({ waarde }) => test(waarde))
    .map(({ plaats }) => plaats);
