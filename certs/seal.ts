/**
 * Seals bytes for the holder of a certificate as a compact JWE (RFC 7516 §7.1). Public-key work
 * only, on node:crypto: a library over WebCrypto costs several times the cryptography itself here
 * (bench/README.md). The tests hold this file and that library against each other, both ways.
 */
import { constants, createCipheriv, createECDH, publicEncrypt, randomBytes } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { encode } from './compact.ts';
import type { SealAlg } from './keys.ts';
import { fits } from './strength.ts';
import { deriveWrappingKey, pointOf, pointToEpk, wrapKey } from './wrap.ts';

export interface SealFor {
  /** A certificate for confidentiality that the caller trusts. */
  readonly certificate: Certificate;
  readonly alg: SealAlg;
}

/**
 * @param cty what is sealed, so that the one who opens it need not guess
 * @throws when the key of the certificate cannot be used with the algorithm: a fault of the caller
 */
export async function seal(plaintext: Uint8Array, cty: string, to: SealFor): Promise<string> {
  if (!fits(to.certificate.publicKey, to.alg)) throw new Error(`this key cannot do ${to.alg}`);
  const contentKey = randomBytes(32);
  const { encryptedKey, epk } = wrap(contentKey, to);
  const names = { alg: to.alg, enc: 'A256GCM', cty, 'x5t#S256': to.certificate.x5t };
  const header = encode(JSON.stringify(epk === undefined ? names : { ...names, epk }));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return [header, ...[encryptedKey, iv, ciphertext, cipher.getAuthTag()].map(encode)].join('.');
}

function wrap(contentKey: Buffer, { certificate, alg }: SealFor) {
  if (alg !== 'ECDH-ES+A256KW') return { encryptedKey: oaep(contentKey, certificate, alg) };
  const ephemeral = createECDH('prime256v1');
  const epk = pointToEpk(ephemeral.generateKeys());
  const secret = ephemeral.computeSecret(pointOf(certificate.publicKey));
  return { encryptedKey: wrapKey(deriveWrappingKey(secret), contentKey), epk };
}

function oaep(contentKey: Buffer, { publicKey }: Certificate, alg: SealAlg): Buffer {
  const oaepHash = alg === 'RSA-OAEP-256' ? 'sha256' : 'sha1';
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key: publicKey, padding, oaepHash }, contentKey);
}
