/**
 * The bridge between the vectors and our verify and open. Each of our checks is asked on its own, so
 * that one which refuses early does not hide what the next would have said; then verify and open are
 * asked as a whole. Only the list of header names is looser than in use: vectors know no `typ`,
 * `cty` and `x5t#S256`, and name keys by `kid`.
 */
import { createECDH } from 'node:crypto';
import {
  LONGEST_JWE,
  LONGEST_JWS,
  readAlg,
  readHeader,
  splitCompact,
} from '../../../certs/compact.ts';
import { open, openWith, readAlgs, readEpk, readSealed } from '../../../certs/open.ts';
import { type Algorithm, isMadeBy } from '../../../certs/signature.ts';
import { checkSignature, SIGN_ALGS, verify } from '../../../certs/verify.ts';
import { agree } from '../../../certs/wrap.ts';
import { readBase64url } from '../../../schemas/read.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { CTY, TYP } from '../../../schemas/typ.ts';
import type { Case, Jwk } from './cases.ts';
import type { KeyDesk } from './keys.ts';

/** In the order in which verify and open make them. */
export const CHECKS = [
  'shape',
  'header',
  'algorithm',
  'encoding',
  'point',
  'key',
  'cryptography',
] as const;
export type Check = (typeof CHECKS)[number];

/** What a check said: the code of its refusal, `good`, or `-` when there is nothing of ours to ask. */
export type Said = Readonly<Record<Check, string>>;

const NOTHING = '-';

/** The refusal of a step. @throws what is not a refusal: then the bridge, or our code, is broken */
async function codeOf(step: () => unknown): Promise<string> {
  try {
    const said = await step();
    return said === NOTHING ? NOTHING : 'good';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

const KNOWN = ['kid', 'epk'];

/** The header without a rule of ours but that it is JSON: what the other checks are asked about. */
function looseHeader(head = ''): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(head, 'base64url').toString('utf8')));
  } catch {
    return {};
  }
}

export const askAll = (one: Case, desk: KeyDesk): Promise<Said> =>
  one.kind === 'jws' ? askJws(one, desk) : askJwe(one, desk);

async function askJws({ text, publicKey }: Case, desk: KeyDesk): Promise<Said> {
  const parts = text.split('.');
  const [head = '', payload = '', signature = ''] = parts;
  const loose = looseHeader(head);
  return {
    shape: await codeOf(() => splitCompact(text, 3, LONGEST_JWS)),
    header: await codeOf(() => readHeader(head, ['alg'], KNOWN)),
    algorithm: await codeOf(() => readAlg(loose, SIGN_ALGS)),
    encoding: await codeOf(() => [head, payload, signature].forEach(readBase64url)),
    point: NOTHING,
    key: await codeOf(() => desk.admit(publicKey, loose, 'authenticiteit')),
    cryptography: await codeOf(() => askSignature(parts, loose, publicKey, desk)),
  };
}

const OURS: readonly unknown[] = SIGN_ALGS;
// What certificates and revocation lists are signed with, and verify does not take.
const OF_CERTIFICATES: Readonly<Record<string, Algorithm>> = {
  RS256: { type: 'rsa', hash: 'sha256' },
  RS384: { type: 'rsa', hash: 'sha384' },
  RS512: { type: 'rsa', hash: 'sha512' },
  PS384: { type: 'rsa', hash: 'sha384', saltLength: 48 },
  PS512: { type: 'rsa', hash: 'sha512', saltLength: 64 },
};

async function askSignature(
  [head = '', payload = '', signature = '', ...more]: string[],
  { alg, kid }: Record<string, unknown>,
  jwk: Jwk,
  desk: KeyDesk,
) {
  const how = OF_CERTIFICATES[String(alg)];
  if ((how === undefined && !OURS.includes(alg)) || more.length > 0) return NOTHING;
  const certificate = await desk.certificate(jwk, kid);
  if (how === undefined) {
    const signed = [head, payload, signature].join('.');
    return checkSignature(signed, readAlg({ alg }, SIGN_ALGS), certificate);
  }
  const bytes = Buffer.from(`${head}.${payload}`);
  if (isMadeBy(certificate.publicKey, how, bytes, readBase64url(signature))) return undefined;
  throw new Refusal('signature-invalid');
}

async function askJwe(one: Case, desk: KeyDesk): Promise<Said> {
  const { text, publicKey } = one;
  const [head = '', ...rest] = text.split('.');
  const loose = looseHeader(head);
  const four = Array.from({ length: 4 }, (_, at) => rest[at] ?? '');
  return {
    shape: await codeOf(() => splitCompact(text, 5, LONGEST_JWE)),
    header: await codeOf(() => readHeader(head, ['alg', 'enc'], KNOWN)),
    algorithm: await codeOf(() => readAlgs(loose)),
    // Our rule for lengths is that of GCM: it says nothing of what is meant with CBC.
    encoding: await codeOf(() =>
      String(loose['enc']).endsWith('GCM') ? readSealed(head, four) : four.forEach(readBase64url),
    ),
    point: await codeOf(() => askPoint(loose, one)),
    key: await codeOf(() => desk.admit(publicKey, loose, 'vertrouwelijkheid')),
    cryptography: await codeOf(() => askOpening(one, head, four, loose, desk)),
  };
}

/** Whether the ephemeral key is one that we agree with: read by open, used by the handle. */
function askPoint({ epk, alg }: Record<string, unknown>, { privateKey }: Case) {
  if (epk === undefined || !String(alg).startsWith('ECDH-ES')) return NOTHING;
  const read = readEpk(epk, 'ECDH-ES+A256KW') ?? {};
  const ours = createECDH('prime256v1');
  ours.setPrivateKey(Buffer.from(String(privateKey['d']), 'base64url'));
  try {
    return agree(ours, read);
  } catch {
    throw new Refusal('decryption-failed');
  }
}

async function askOpening(
  { publicKey, privateKey }: Case,
  head: string,
  parts: readonly string[],
  header: Record<string, unknown>,
  desk: KeyDesk,
) {
  if (!(await isGood(() => readAlgs(header))) || !(await isGood(() => readSealed(head, parts)))) {
    return NOTHING;
  }
  const alg = readAlgs(header);
  const key = await desk.openingKey(privateKey, publicKey, header);
  return openWith(key, alg, readEpk(header['epk'], alg), readSealed(head, parts));
}

const isGood = async (step: () => unknown): Promise<boolean> => (await codeOf(step)) === 'good';

/** verify and open as they stand, given the key under whatever name the vector asks for. */
export async function askWhole({ kind, text, publicKey, privateKey }: Case, desk: KeyDesk) {
  const header = looseHeader(text.split('.')[0]);
  const certificate = await desk.certificate(publicKey, header['kid']).catch(() => undefined);
  if (kind === 'jws') return codeOf(() => verify(text, TYP.message, () => certificate));
  const key = await desk.openingKey(privateKey, publicKey, header).catch(() => undefined);
  return codeOf(async () => {
    const opened = await open(text, CTY.submission, () => key);
    if (opened === null) throw new Refusal('certificate-unknown');
  });
}
