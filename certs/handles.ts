/**
 * Handles over private keys that sit in this process. The key lives in a closure; what leaves is a
 * signature or a content key. Slow RSA work runs on the thread pool.
 */
import {
  constants,
  createECDH,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
  webcrypto,
} from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Oin } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { Certificate } from './certificate.ts';
import type { OpeningKey, SealAlg, SigningKey, Wrapped } from './keys.ts';
import { kindOf, signAlgOf } from './strength.ts';
import { agree, deriveWrappingKey, unwrapKey } from './wrap.ts';

const { subtle } = webcrypto;

/** @throws when key and certificate do not belong together */
export function signingKey(key: KeyObject, certificate: Certificate): SigningKey {
  const oin = checkPair(key, certificate);
  const alg = signAlgOf(key);
  const input: SignKeyObjectInput =
    alg === 'PS256'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { key, dsaEncoding: 'ieee-p1363' };
  return {
    alg,
    x5t: certificate.x5t,
    oin,
    sign: (bytes) =>
      new Promise((done, fail) => {
        sign('sha256', bytes, input, (error, signature) => (error ? fail(error) : done(signature)));
      }),
  };
}

/**
 * @param alsoSha1 whether the key opens RSA-OAEP with SHA-1 too, as its registration then asks for
 * @throws when key and certificate do not belong together
 */
export async function openingKey(
  key: KeyObject,
  certificate: Certificate,
  alsoSha1 = false,
): Promise<OpeningKey> {
  const oin = checkPair(key, certificate);
  const unwrap = kindOf(key) === 'ec' ? unwrapWithEc(key) : await unwrapWithRsa(key, alsoSha1);
  const rsa: SealAlg[] = alsoSha1 ? ['RSA-OAEP-256', 'RSA-OAEP'] : ['RSA-OAEP-256'];
  const algs: SealAlg[] = kindOf(key) === 'ec' ? ['ECDH-ES+A256KW'] : rsa;
  return { x5t: certificate.x5t, oin, algs, unwrap: uniformly(algs, unwrap) };
}

function checkPair(key: KeyObject, { x509, oin }: Certificate): Oin {
  if (!x509.checkPrivateKey(key)) throw new Error('key and certificate do not belong together');
  if (oin === undefined) throw new Error('the certificate names no OIN in subject.serialNumber');
  return oin;
}

type Unwrap = (wrapped: Wrapped) => Promise<Uint8Array> | Uint8Array;

/** Every cause of failure looks the same from outside: a difference would be an oracle. */
const uniformly =
  (algs: readonly SealAlg[], unwrap: Unwrap): OpeningKey['unwrap'] =>
  async (wrapped) => {
    if (!algs.includes(wrapped.alg)) throw new Refusal('algorithm-not-allowed');
    try {
      const contentKey = await unwrap(wrapped);
      if (contentKey.length === 32) return contentKey;
    } catch {
      // Said below.
    }
    throw new Refusal('decryption-failed');
  };

/** @throws in the handle when the ephemeral point does not lie on the curve */
function unwrapWithEc(key: KeyObject): Unwrap {
  const ours = createECDH('prime256v1');
  ours.setPrivateKey(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  return ({ epk = {}, encryptedKey }) =>
    unwrapKey(deriveWrappingKey(agree(ours, epk)), encryptedKey);
}

// OpenSSL decrypts with one RSA object on one core at a time; copies let every core work.
const COPIES = Math.min(4, availableParallelism());

/** RSA-OAEP by WebCrypto, which is the one way in Node to do it off the event loop. */
async function unwrapWithRsa(key: KeyObject, alsoSha1: boolean): Promise<Unwrap> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const take = (hash: string) => () =>
    subtle.importKey('pkcs8', pkcs8, { name: 'RSA-OAEP', hash }, false, ['decrypt']);
  const sha256 = await Promise.all(Array.from({ length: COPIES }, take('SHA-256')));
  const sha1 = alsoSha1 ? await Promise.all([take('SHA-1')()]) : [];
  pkcs8.fill(0);
  let turn = 0;
  return async ({ alg, encryptedKey }) => {
    const copies = alg === 'RSA-OAEP' ? sha1 : sha256;
    const copy = copies[turn++ % copies.length] as webcrypto.CryptoKey;
    return new Uint8Array(await subtle.decrypt({ name: 'RSA-OAEP' }, copy, encryptedKey));
  };
}
