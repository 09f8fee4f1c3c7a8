/** What each case is about, in terms of our checks, and why we differ where we do. */
import type { Case } from './cases.ts';
import { CHECKS, type Check, type Said } from './checks.ts';

type About = readonly [RegExp, readonly Check[]];

// The first that fits group, comment and flags; what fits none is about the cryptography.
const ABOUT: readonly About[] = [
  [/^base64 /, ['encoding']],
  [/^jws_(mixed|duplicate)|ModifiedKey|WrongUse|WrongKeyOps|Roca|1024bit|Exponent1/, ['key']],
  [/mismatchedAlg|AesKey|key_too|empty_key/, ['key']],
  [/InvalidCurvePoint/, ['point']],
  [/EmbeddedJwk/, ['header']],
  [/Separator|EmptyString|Extra|JsonSerialization|MissingHeader/, ['shape', 'header']],
  [/Truncated|TooLong|MissingIv|MissingAuthenticationTag/, ['encoding', 'cryptography']],
  [/ModifiedHeader/, ['header', 'cryptography']],
  [/Confusion|NoneAlgorithm|AlgIsNone/, ['algorithm']],
  [/WrongPrimitive/, ['algorithm', 'key', 'cryptography']],
  [/WrongCipher|Pkcs15WithOaepKey|invalidAlgorithm/, ['algorithm']],
];

export const aboutOf = ({ comment, flags, group }: Case): readonly Check[] => {
  const words = `${group} ${comment} ${flags.join(' ')}`;
  return ABOUT.find(([pattern]) => pattern.test(words))?.[1] ?? ['cryptography'];
};

export const refusing = (said: Said): Check[] =>
  CHECKS.filter((check) => said[check] !== 'good' && said[check] !== '-');

export const isAccepted = (said: Said): boolean => refusing(said).length === 0;

/**
 * How a case that must be refused was: `meant` when the first check of ours to refuse it is one that the
 * case is about; `also` when another was first, and the one that is meant refuses it too when asked by
 * itself; `earlier` when what the case is about is not in Ketenpost at all.
 */
export type Manner = 'meant' | 'also' | 'earlier';

export function mannerOf(one: Case, said: Said): Manner {
  const about = aboutOf(one);
  const [first, ...later] = refusing(said);
  if (first !== undefined && about.includes(first)) return 'meant';
  return later.some((check) => about.includes(check)) ? 'also' : 'earlier';
}

/** Why a case that others accept is refused here; a refusal that has no line here fails the test. */
export const REASONS: Readonly<Record<string, { readonly fits: RegExp; readonly why: string }>> = {
  shared: {
    fits: /^(HS\d+|A\d+KW|A\d+GCMKW|dir)$/,
    why: 'a key that two parties share proves nothing about who signed, and no certificate holds one',
  },
  pkcs1: {
    fits: /^RS\d+$/,
    why: 'PKCS#1 v1.5 signatures are not on the list (PS256, ES256); certificates may still bear them',
  },
  longer: {
    fits: /^(PS384|PS512|ES512)$/,
    why: 'one algorithm for each kind of key (PS256 for RSA, ES256 for P-256), so that none can be chosen',
  },
  bleichenbacher: {
    fits: /^RSA1_5$/,
    why: 'RSA1_5 lets its padding be guessed by trying; it is not offered',
  },
  agreement: {
    fits: /^ECDH-ES(\+A(128|192)KW)?$/,
    why: 'of the forms of ECDH-ES only the one with A256KW is on the list',
  },
  content: {
    fits: /^(RSA-OAEP|RSA-OAEP-256|ECDH-ES\+A256KW) with (?!A256GCM)/,
    why: 'of the content encryptions only A256GCM is on the list',
  },
};

/** The algorithms that a header names, in the words that REASONS knows. */
export function algorithmOf({ text }: Case): string {
  const head = Buffer.from(text.split('.')[0] ?? '', 'base64url').toString('utf8');
  try {
    const { alg, enc } = JSON.parse(head) as { alg?: string; enc?: string };
    const both = /^(RSA-OAEP|RSA-OAEP-256|ECDH-ES\+A256KW)$/.test(String(alg));
    return both ? `${alg} with ${enc}` : String(alg);
  } catch {
    return 'none that can be read';
  }
}
