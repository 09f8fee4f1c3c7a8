/**
 * Which keys may be used at all: RSA of 2048 to 8192 bits with exponent 65537 and no known flaw, or
 * P-256. Asked when a key is registered and each time that it is used.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { kindOf } from './strength.ts';

const F4 = 65537n;
// Asked for every message; a key does not change.
const judged = new WeakMap<KeyObject, { readonly why: string | undefined }>();

/** @returns what is wrong with a public key, in words, or undefined when it is strong */
export function whyWeak(key: KeyObject): string | undefined {
  const known = judged.get(key);
  if (known !== undefined) return known.why;
  const why = look(key);
  judged.set(key, { why });
  return why;
}

function look(key: KeyObject): string | undefined {
  if (kindOf(key) === undefined) return 'the key is neither RSA nor P-256';
  if (isPublished(key)) return 'the private half of the key has been published';
  return kindOf(key) === 'rsa' ? lookAtRsa(key) : undefined;
}

function lookAtRsa(key: KeyObject): string | undefined {
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < 2048) return `RSA of ${modulusLength} bits, and 2048 are the least`;
  if (modulusLength > 8192) return `RSA of ${modulusLength} bits, and 8192 are the most`;
  if (publicExponent !== F4) return 'its exponent is not 65537';
  const modulus = modulusOf(key);
  if (isRoca(modulus)) return 'it was made by the flawed generator of CVE-2017-15361 (ROCA)';
  if (hasSmallFactor(modulus)) return 'its modulus has a small factor';
  if (hasCloseFactors(modulus)) return 'the two factors of its modulus lie close together';
  return undefined;
}

function modulusOf(key: KeyObject): bigint {
  const { n = '' } = key.export({ format: 'jwk' });
  return BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`);
}

// Primes for which 65537 generates a small part of the residues only.
const PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/**
 * Whether the modulus was made by the flawed generator of CVE-2017-15361: modulo each of these primes
 * it is then a power of 65537, which a sound modulus is for all of them once in 200 million.
 */
export function isRoca(modulus: bigint): boolean {
  return PRIMES.every((prime) =>
    powersOf(65537 % prime, prime).has(Number(modulus % BigInt(prime))),
  );
}

function powersOf(base: number, prime: number): Set<number> {
  const found = new Set<number>();
  for (let power = 1; !found.has(power); power = (power * base) % prime) found.add(power);
  return found;
}

/** As far as dividing is cheap; a sound modulus has no factor below a thousand bits. */
const SMALL = 10_000n;

function hasSmallFactor(modulus: bigint): boolean {
  if (modulus % 2n === 0n) return true;
  for (let divisor = 3n; divisor < SMALL; divisor += 2n) if (modulus % divisor === 0n) return true;
  return false;
}

/** Steps of Fermat's method: enough for the generators that chose two neighbours (CVE-2022-26320). */
const STEPS = 100;

/** Whether the modulus is a square less a small square, which gives its factors away. */
function hasCloseFactors(modulus: bigint): boolean {
  let middle = root(modulus);
  if (middle * middle < modulus) middle += 1n;
  for (let step = 0; step < STEPS; step += 1, middle += 1n) {
    const rest = middle * middle - modulus;
    const half = root(rest);
    if (half * half === rest) return true;
  }
  return false;
}

/** The whole part of the square root, by Newton's method. */
function root(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(16).length * 2 + 1));
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

// SHA-256 of the public key (SubjectPublicKeyInfo), of keys whose private half stands in a document that
// everybody copies from. Tests of the same documents do not make a key an agency's.
const PUBLISHED: ReadonlySet<string> = new Set([
  'K9G7DESol8MKeqCZHN442AYv5EHeUNoPRoJTRPYC6Cc', // RFC 7515, A.3
  'UblEzfpUTUwyc6pr81BiWn3VO7tqcXIydPU4sZogd2A', // RFC 7517, A.1
  'Yndx8l2kJtH5rjFeQhBtcAsVKYUO7hWSrPOWA5WdeV0', // RFC 7520, 3.3
  'Ipyrt0FEnZHXAxldTWmBT9yulr8vWJYK4nEc7dYeNRQ', // RFC 7520, 5.1
  'yFedjYePuOqypvHnFMkhGLmWDhR47ZBkliVe1AXbFjY', // RFC 7520, 5.2
  '6yimWHfSuEuSpqm1_XYqReUGZZM9l_wMck5woWHyAxo', // RFC 7520, 5.5
]);

const isPublished = (key: KeyObject): boolean =>
  PUBLISHED.has(
    createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('base64url'),
  );
