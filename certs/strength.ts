/** What each kind of key can do. Which are strong enough: weak.ts. */
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
