/**
 * The kinds of values that a ledger entry may hold: ids, digests, codes and words of our own
 * tables. There is no kind for free text, so that nothing about a person can get in.
 */
import type { Digest, Oin, State, Uuid7 } from '../../schemas/generated/wire.ts';
import { PATTERNS } from '../../schemas/ids.ts';

export interface FieldTypes {
  readonly oin: Oin;
  readonly oins: readonly Oin[];
  readonly uuid7: Uuid7;
  readonly digest: Digest;
  readonly state: State;
  /** A code, type, version or name of ours: letters, digits, dots and dashes. */
  readonly word: string;
  readonly words: readonly string[];
  readonly number: number;
  readonly yes: boolean;
}
/** A question mark says that the field may be absent. */
export type FieldKind = keyof FieldTypes | `${keyof FieldTypes}?`;

const WORD = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,79}$/;
const text = (pattern: RegExp) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value);
const each = (fits: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length <= 1000 && value.every(fits);
const oin = text(new RegExp(PATTERNS.oin));

const FITS: Readonly<Record<keyof FieldTypes, (value: unknown) => boolean>> = {
  oin,
  oins: each(oin),
  uuid7: text(new RegExp(PATTERNS.uuid7)),
  digest: text(new RegExp(PATTERNS.sha256)),
  state: text(/^[a-z]+$/),
  word: text(WORD),
  words: each(text(WORD)),
  number: (value) => Number.isSafeInteger(value),
  yes: (value) => typeof value === 'boolean',
};

/** Whether a value is of the kind; an absent one fits a kind with a question mark. */
export function fits(kind: FieldKind, value: unknown): boolean {
  const optional = kind.endsWith('?');
  if (value === undefined) return optional;
  return FITS[(optional ? kind.slice(0, -1) : kind) as keyof FieldTypes](value);
}
