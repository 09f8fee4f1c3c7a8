/**
 * ECDH-ES+A256KW on P-256 (RFC 7518 §4.6): agree on a secret with an ephemeral key, derive a
 * wrapping key from it, wrap the content key. RSA-OAEP needs no such steps and is done in place.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  type ECDH,
  type KeyObject,
} from 'node:crypto';

/** The ephemeral public key as it stands in a JWE header. */
export type Epk = {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
};

const word = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
};

// AlgorithmID with its length, empty PartyUInfo and PartyVInfo, SuppPubInfo: 256 bits.
const ALG = Buffer.from('ECDH-ES+A256KW');
const OTHER_INFO = Buffer.concat([word(ALG.length), ALG, word(0), word(0), word(256)]);

/** Concat KDF with SHA-256; one round gives the 256 bits (NIST SP 800-56A §5.8.2.1). */
export function deriveWrappingKey(secret: Buffer): Buffer {
  return createHash('sha256').update(word(1)).update(secret).update(OTHER_INFO).digest();
}

// The default initial value of RFC 3394 §2.2.3.1: what the unwrapping checks.
const CHECK = Buffer.alloc(8, 0xa6);

/** AES key wrap (RFC 3394). */
export function wrapKey(wrapping: Buffer, key: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap', wrapping, CHECK);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

/** @throws when the wrapped key was not wrapped with this key */
export function unwrapKey(wrapping: Buffer, wrapped: Uint8Array): Buffer {
  const decipher = createDecipheriv('id-aes256-wrap', wrapping, CHECK);
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}

// Taking the point out of a key costs as much as the agreement itself, so it is done once per key.
const points = new WeakMap<KeyObject, Buffer>();

/** The public point of a P-256 key, uncompressed, also where its certificate holds it compressed. */
export function pointOf(key: KeyObject): Buffer {
  const known = points.get(key);
  if (known !== undefined) return known;
  const point = epkToPoint(key.export({ format: 'jwk' }));
  points.set(key, point);
  return point;
}

export function pointToEpk(point: Buffer): Epk {
  const half = (from: number) => point.subarray(from, from + 32).toString('base64url');
  return { kty: 'EC', crv: 'P-256', x: half(1), y: half(33) };
}

/** The point that a header names; whether it lies on the curve is for the agreement to check. */
export function epkToPoint({ x, y }: Readonly<Record<string, unknown>>): Buffer {
  const half = (value: unknown) => Buffer.from(String(value), 'base64url');
  return Buffer.concat([Buffer.of(4), half(x), half(y)]);
}

/** The shared secret. @throws when the ephemeral point does not lie on the curve */
export const agree = (ours: ECDH, epk: Readonly<Record<string, unknown>>): Buffer =>
  ours.computeSecret(epkToPoint(epk));
