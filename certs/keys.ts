/**
 * Private keys are used through handles, never passed around: a handle signs or unwraps and gives
 * back a promise, so that the key may sit in this process today and in an HSM later.
 */
import type { Oin, Thumbprint } from '../schemas/ids.ts';

/** What Ketenpost signs with: RSASSA-PSS by default (RSA-3072, PKIoverheid G4), or P-256 (RFC 7518 §3). */
export type SignAlg = 'PS256' | 'ES256';
/** How Ketenpost wraps a content key; RSA-OAEP only where a registry entry asks for it (RFC 7518 §4). */
export type SealAlg = 'RSA-OAEP-256' | 'RSA-OAEP' | 'ECDH-ES+A256KW';

export interface SigningKey {
  readonly alg: SignAlg;
  readonly x5t: Thumbprint;
  readonly oin: Oin;
  /** @returns the signature as JOSE wants it (ES256: r and s, 64 bytes) */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A wrapped content key as it came in a JWE. */
export interface Wrapped {
  readonly alg: SealAlg;
  readonly encryptedKey: Uint8Array;
  /** With ECDH-ES+A256KW: the sender's ephemeral public key as JWK. */
  readonly epk?: Readonly<Record<string, unknown>>;
}

export interface OpeningKey {
  readonly x5t: Thumbprint;
  readonly oin: Oin;
  readonly algs: readonly SealAlg[];
  /** @returns the 32 bytes of the content key. @throws Refusal decryption-failed, the same for every cause */
  unwrap(wrapped: Wrapped): Promise<Uint8Array>;
}
