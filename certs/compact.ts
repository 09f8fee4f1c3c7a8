/**
 * What JWS and JWE in compact form have in common: a strict look at the parts and the header
 * before anything in them is used (RFC 7515 §7.1, RFC 7516 §7.1).
 */
import { parseThumbprint, type Thumbprint } from '../schemas/ids.ts';
import { readBase64url, readObject } from '../schemas/read.ts';
import { Refusal } from '../schemas/refusal.ts';

/** Characters. A JWS holds a JSON text of at most a million; sealing it adds a third each time. */
export const LONGEST_JWS = 1_500_000;
export const LONGEST_JWE = 2_200_000;

export type Header = Readonly<Record<string, unknown>>;

const HEADER_LIMITS = { length: 1000, depth: 2, members: 16 } as const;

/** @throws Refusal too-large or malformed */
export function splitCompact(text: string, count: 3 | 5, longest: number): string[] {
  if (text.length > longest) throw new Refusal('too-large');
  const parts = text.split('.', count + 1);
  if (parts.length !== count)
    throw new Refusal('malformed', `not ${count} parts with dots between`);
  return parts;
}

/**
 * Reads a protected header that has exactly the given names: one more (crit, zip, jwk, b64 …) and
 * it is refused.
 * @throws Refusal malformed or algorithm-not-allowed
 */
export function readHeader(
  part: string,
  names: readonly string[],
  optional: readonly string[] = [],
): Header {
  if (part.length > 2 * HEADER_LIMITS.length) {
    throw new Refusal('malformed', 'the header is too long');
  }
  const header = readObject(readBase64url(part), HEADER_LIMITS);
  const known = (name: string) => names.includes(name) || optional.includes(name);
  if (!Object.keys(header).every(known)) {
    throw new Refusal('algorithm-not-allowed', 'the header has a name that is not allowed');
  }
  if (!names.every((name) => Object.hasOwn(header, name))) {
    throw new Refusal('malformed', `the header must have ${names.join(', ')}`);
  }
  return header;
}

/** @throws Refusal algorithm-not-allowed */
export function readAlg<Alg extends string>(header: Header, allowed: readonly Alg[]): Alg {
  const alg = allowed.find((one) => one === header['alg']);
  if (alg === undefined) throw new Refusal('algorithm-not-allowed');
  return alg;
}

/** @throws Refusal malformed */
export function readThumbprint(header: Header): Thumbprint {
  try {
    return parseThumbprint(header['x5t#S256']);
  } catch {
    throw new Refusal('malformed', 'x5t#S256 is not a SHA-256 in base64url');
  }
}

export const encode = (value: Uint8Array | string): string =>
  (typeof value === 'string'
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  ).toString('base64url');
