/** Opens a compact JWE that was sealed for a key of ours. "Not mine" is a value, "mine but broken" an error. */
import { createDecipheriv } from 'node:crypto';
import type { Thumbprint } from '../schemas/ids.ts';
import { readBase64url } from '../schemas/read.ts';
import { Refusal } from '../schemas/refusal.ts';
import {
  type Header,
  LONGEST_JWE,
  readAlg,
  readHeader,
  readThumbprint,
  splitCompact,
} from './compact.ts';
import type { OpeningKey, SealAlg } from './keys.ts';
import type { Epk } from './wrap.ts';

const NAMES = ['alg', 'enc', 'cty', 'x5t#S256'] as const;
export const SEAL_ALGS: readonly SealAlg[] = ['RSA-OAEP-256', 'RSA-OAEP', 'ECDH-ES+A256KW'];

export interface Opened {
  readonly plaintext: Buffer;
  /** The key that opened it: who it was sealed for. */
  readonly key: OpeningKey;
}

/**
 * @param cty what must be inside
 * @param find gives the key by the thumbprint of its certificate, when it is one of ours
 * @returns null when it was sealed for a key that is not ours
 * @throws Refusal malformed, too-large, algorithm-not-allowed or decryption-failed
 */
export async function open(
  jwe: string,
  cty: string,
  find: (x5t: Thumbprint) => OpeningKey | undefined,
): Promise<Opened | null> {
  const [head = '', ...rest] = splitCompact(jwe, 5, LONGEST_JWE);
  const header = readHeader(head, NAMES, ['epk']);
  const alg = readAlgs(header);
  if (header['cty'] !== cty) throw new Refusal('malformed', `cty must be ${cty}`);
  const sealed = readSealed(head, rest);
  const epk = readEpk(header['epk'], alg);
  const key = find(readThumbprint(header));
  if (key === undefined) return null;
  return { plaintext: await openWith(key, alg, epk, sealed), key };
}

interface Sealed {
  readonly encryptedKey: Buffer;
  /** The header as it stood, which the tag covers too. */
  readonly aad: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** @throws Refusal algorithm-not-allowed */
export function readAlgs(header: Header): SealAlg {
  const alg = readAlg(header, SEAL_ALGS);
  if (header['enc'] !== 'A256GCM') throw new Refusal('algorithm-not-allowed');
  return alg;
}

/** @param rest the four parts after the header @throws Refusal malformed */
export function readSealed(head: string, rest: readonly string[]): Sealed {
  const [encryptedKey, iv, ciphertext, tag] = rest.map(readBase64url) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  if (iv.length !== 12 || tag.length !== 16)
    throw new Refusal('malformed', 'iv or tag has a wrong length');
  return { encryptedKey, aad: Buffer.from(head), iv, ciphertext, tag };
}

/** @throws Refusal algorithm-not-allowed or decryption-failed */
export async function openWith(
  key: OpeningKey,
  alg: SealAlg,
  epk: Epk | undefined,
  sealed: Sealed,
): Promise<Buffer> {
  if (!key.algs.includes(alg)) throw new Refusal('algorithm-not-allowed');
  const { encryptedKey } = sealed;
  return decrypt(await key.unwrap({ alg, encryptedKey, ...(epk && { epk }) }), sealed);
}

const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** The ephemeral key is there with ECDH and only there, on P-256, with no name besides. */
export function readEpk(epk: unknown, alg: SealAlg): Epk | undefined {
  if ((epk !== undefined) !== (alg === 'ECDH-ES+A256KW')) {
    throw new Refusal('algorithm-not-allowed', 'epk belongs to ECDH-ES and to nothing else');
  }
  if (epk === undefined) return undefined;
  const { kty, crv, x, y, ...more } = Object(epk) as Record<string, unknown>;
  const point = [x, y].every((one) => typeof one === 'string' && COORDINATE.test(one));
  if (kty === 'EC' && crv === 'P-256' && point && Object.keys(more).length === 0) return epk as Epk;
  throw new Refusal('malformed', 'epk is not a key on P-256');
}

function decrypt(contentKey: Uint8Array, { aad, iv, ciphertext, tag }: Sealed): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', contentKey, iv, { authTagLength: 16 });
    decipher.setAAD(aad).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw new Refusal('decryption-failed');
  }
}
