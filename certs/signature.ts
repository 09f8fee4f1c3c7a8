/** Whether a certificate or CRL was signed with a key, by an algorithm that is still sound. */
import { constants, type KeyObject, verify } from 'node:crypto';
import {
  children,
  context,
  type DerNode,
  expect,
  readBits,
  readDer,
  readOid,
  readSmall,
  TAG,
} from './der.ts';

const HASHES: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
// RSA (PKCS#1 v1.5) and ECDSA, each with its hash; no SHA-1 and no MD5.
const PLAIN: Readonly<Record<string, readonly ['rsa' | 'ec', string]>> = {
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
  '1.2.840.10045.4.3.2': ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
};
const PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

export interface Algorithm {
  readonly type: string;
  readonly hash: string;
  /** With RSASSA-PSS. */
  readonly saltLength?: number;
}

/**
 * @param der a SEQUENCE of what was signed, the algorithm and the signature (RFC 5280 §4.1, §5.1)
 * @throws Refusal malformed
 */
export function isSignedBy(der: Buffer, key: KeyObject): boolean {
  const [tbs, algorithm, signature, ...more] = children(expect(readDer(der), TAG.sequence));
  const how = readAlgorithm(expect(algorithm, TAG.sequence));
  if (how === undefined || more.length > 0) return false;
  return isMadeBy(key, how, expect(tbs, TAG.sequence).whole, readBits(signature));
}

/** Whether these bytes were signed so, with the private half of the key. */
export function isMadeBy(
  key: KeyObject,
  how: Algorithm,
  bytes: Buffer,
  signature: Buffer,
): boolean {
  const { type, hash, saltLength } = how;
  if (key.asymmetricKeyType !== type) return false;
  const input =
    saltLength === undefined ? key : { key, saltLength, padding: constants.RSA_PKCS1_PSS_PADDING };
  return verify(hash, bytes, input, signature);
}

function readAlgorithm(node: DerNode): Algorithm | undefined {
  const [id, parameters] = children(node);
  const name = readOid(id);
  if (name === PSS) return readPss(expect(parameters, TAG.sequence));
  const [type, hash] = PLAIN[name] ?? [];
  return type === undefined || hash === undefined ? undefined : { type, hash };
}

/** RSASSA-PSS-params (RFC 4055 §3.1). What is left out means SHA-1 there, so nothing may be. */
function readPss(node: DerNode): Algorithm | undefined {
  const [hash, mask, salt, ...more] = children(node);
  const inner = (field: DerNode | undefined, n: number) =>
    children(expect(children(expect(field, context(n)))[0], TAG.sequence));
  const name = HASHES[readOid(inner(hash, 0)[0])];
  const [generator, maskHash] = inner(mask, 1);
  const same = readOid(children(expect(maskHash, TAG.sequence))[0]);
  const saltLength = readSmall(children(expect(salt, context(2)))[0]);
  const sound = readOid(generator) === MGF1 && HASHES[same] === name && more.length === 0;
  return name !== undefined && sound && saltLength <= 64
    ? { type: 'rsa', hash: name, saltLength }
    : undefined;
}
