/**
 * The four acts with a key of each profile, as cheap as node:crypto does them: keys parsed
 * beforehand, one-shot calls, no encoding.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Profile } from './cases.ts';
import type { Act } from './operations.ts';

/** Prepares an act on a number of bytes; what comes back does it once. */
export type Acts = Readonly<Record<Act, (bytes: number) => () => void>>;

const generate = promisify(generateKeyPair);

export const actsOf = (profile: Profile): Promise<Acts> =>
  profile === 'rsa' ? rsaActs() : ecActs();

async function rsaActs(): Promise<Acts> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 3072 });
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return {
    ...signatures({ key: privateKey, ...pss }, { key: publicKey, ...pss }),
    ...sealing({
      wrap: (contentKey) => publicEncrypt({ key: publicKey, ...oaep }, contentKey),
      unwrap: (wrapped) => privateDecrypt({ key: privateKey, ...oaep }, wrapped),
    }),
  };
}

async function ecActs(): Promise<Acts> {
  const { privateKey, publicKey } = await generate('ec', { namedCurve: 'P-256' });
  const raw = { dsaEncoding: 'ieee-p1363' as const };
  return {
    ...signatures({ key: privateKey, ...raw }, { key: publicKey, ...raw }),
    ...sealing(agreement()),
  };
}

type SigningInput = Exclude<Parameters<typeof sign>[2], KeyObject | string | Buffer>;
type VerifyingInput = Exclude<Parameters<typeof verify>[2], KeyObject | string | Buffer>;

function signatures(signer: SigningInput, verifier: VerifyingInput): Pick<Acts, 'sign' | 'verify'> {
  return {
    sign: (length) => {
      const bytes = randomBytes(length);
      return () => sign('sha256', bytes, signer);
    },
    verify: (length) => {
      const bytes = randomBytes(length);
      const signature = sign('sha256', bytes, signer);
      return () => {
        if (!verify('sha256', bytes, verifier, signature)) throw new Error('the floor is broken');
      };
    },
  };
}

interface Wrapping {
  wrap(contentKey: Buffer): Buffer;
  unwrap(wrapped: Buffer): Buffer;
}

const WRAP = 'id-aes256-wrap';
const WRAP_IV = Buffer.alloc(8, 0xa6);
// Counter and other info of the Concat KDF: the length is what costs, not the text.
const KDF_INFO = Buffer.alloc(34);

/** ECDH with a fresh key for each message, Concat KDF, AES key wrap. */
function agreement(): Wrapping {
  const ours = createECDH('prime256v1');
  const recipient = ours.generateKeys();
  const derive = (secret: Buffer) => createHash('sha256').update(secret).update(KDF_INFO).digest();
  return {
    wrap: (contentKey) => {
      const ephemeral = createECDH('prime256v1');
      const point = ephemeral.generateKeys();
      const cipher = createCipheriv(WRAP, derive(ephemeral.computeSecret(recipient)), WRAP_IV);
      return Buffer.concat([point, cipher.update(contentKey), cipher.final()]);
    },
    unwrap: (wrapped) => {
      const key = derive(ours.computeSecret(wrapped.subarray(0, 65)));
      const decipher = createDecipheriv(WRAP, key, WRAP_IV);
      return Buffer.concat([decipher.update(wrapped.subarray(65)), decipher.final()]);
    },
  };
}

/** A fresh content key wrapped for the recipient, and AES-256-GCM with it. */
function sealing({ wrap, unwrap }: Wrapping): Pick<Acts, 'seal' | 'open'> {
  const seal = (bytes: Buffer) => {
    const [contentKey, iv] = [randomBytes(32), randomBytes(12)];
    const wrapped = wrap(contentKey);
    const cipher = createCipheriv('aes-256-gcm', contentKey, iv);
    const text = [cipher.update(bytes), cipher.final()];
    return { wrapped, iv, text: text[0] ?? bytes, tag: cipher.getAuthTag() };
  };
  return {
    seal: (length) => {
      const bytes = randomBytes(length);
      return () => seal(bytes);
    },
    open: (length) => {
      const { wrapped, iv, text, tag } = seal(randomBytes(length));
      return () => {
        const decipher = createDecipheriv('aes-256-gcm', unwrap(wrapped), iv);
        decipher.setAuthTag(tag);
        decipher.update(text);
        decipher.final();
      };
    },
  };
}
