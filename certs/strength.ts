/** Which keys are strong enough, and what each kind of key can do. */
import type { KeyObject } from 'node:crypto';
import type { SealAlg, SignAlg } from './keys.ts';

type Kind = 'rsa' | 'ec';

/** The kind of a key that Ketenpost can use at all: RSA, or an elliptic curve key on P-256. */
export function kindOf(key: KeyObject): Kind | undefined {
  if (key.asymmetricKeyType === 'rsa') return 'rsa';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return key.asymmetricKeyType === 'ec' && curve === 'prime256v1' ? 'ec' : undefined;
}

const KIND: Readonly<Record<SignAlg | SealAlg, Kind>> = {
  PS256: 'rsa',
  ES256: 'ec',
  'RSA-OAEP-256': 'rsa',
  'RSA-OAEP': 'rsa',
  'ECDH-ES+A256KW': 'ec',
};

/** Whether a key can be used with an algorithm. The key decides; the message cannot. */
export const fits = (key: KeyObject, alg: SignAlg | SealAlg): boolean => kindOf(key) === KIND[alg];

/** How a key signs. @throws when it cannot */
export function signAlgOf(key: KeyObject): SignAlg {
  const kind = kindOf(key);
  if (kind === undefined) throw new Error('a key must be RSA or P-256');
  return kind === 'rsa' ? 'PS256' : 'ES256';
}

/**
 * How to wrap for a key, given what its owner asked for in the register: an owner that moves from
 * RSA to P-256 has keys of both kinds for a while.
 */
export function sealAlgOf(key: KeyObject, asked: SealAlg): SealAlg {
  if (fits(key, asked)) return asked;
  return kindOf(key) === 'ec' ? 'ECDH-ES+A256KW' : 'RSA-OAEP-256';
}

const F4 = 65537n;

/** RSA of at least 2048 bits with exponent 65537 and no known flaw, or P-256. */
export function isStrong(key: KeyObject): boolean {
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (kindOf(key) !== 'rsa') return kindOf(key) === 'ec';
  const sound = modulusLength >= 2048 && modulusLength <= 8192 && publicExponent === F4;
  return sound && !isRoca(modulusOf(key));
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
