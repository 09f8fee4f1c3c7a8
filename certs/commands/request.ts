import { generateKeyPair } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import type { KeyPair } from '../authority/issuers.ts';
import { encryptedPem, writeWhole } from '../authority/store.ts';
import type { Certificate } from '../certificate.ts';
import type { KeySource, Passphrase } from '../config.ts';
import { loadCertificate } from '../keystore.ts';
import { readPassphrase } from '../passphrase.ts';
import { toPem } from '../pem.ts';
import { USES, type Use } from '../profile.ts';
import { requestFor } from '../request.ts';
import { kindOf } from '../strength.ts';
import { type KeyConfig, readKeyConfig, sourceOf } from './key-config.ts';
import { choice, type Options, textOption } from './options.ts';

const generate = promisify(generateKeyPair);

/** `ketenpost certs request`: a new key, and the request for its certificate. */
export const request: Command = {
  name: 'certs request <use>',
  summary: 'make a new key, encrypted, and the request for its certificate',
  options: [
    [
      '--config <file>',
      'adapter.yaml or router.yaml: whose key, and the passphrase it is put under',
    ],
    ['--agency <oin>', 'which agency, when the configuration has several'],
    ['--key <kind>', 'rsa (3072 bits) or ec (P-256); as the present key when absent'],
    ['--out <folder>', 'where to; beside the present key when absent'],
  ],
  example: 'ketenpost certs request authenticiteit --config adapter.yaml',
  async run([word = ''], options, { progress }): Promise<Report> {
    const use = choice(word, USES, 'the use');
    const config = await configOf(options);
    progress('making the key …');
    const made = await makeKey(config, use, options);
    const csr = made.file.replace(/\.key\.pem$/, '.csr');
    await writeWhole(csr, toPem(await requestFor(made.old, use, made.keys), 'CERTIFICATE REQUEST'));
    const next = `ketenpost certs rotate ${use} --config ${config.file} --key ${made.file} --certificate <file>`;
    return {
      json: { use, key: made.file, request: csr },
      text: `The key is in ${made.file}, under the passphrase of the present one.\nSend ${csr} to your supplier. When the certificate is there:\n  ${next}`,
    };
  },
};

export async function configOf(options: Options): Promise<KeyConfig> {
  const file = textOption(options, 'config');
  if (file !== undefined) return readKeyConfig(file, textOption(options, 'agency'));
  throw new CommandError('usage', '--config is missing', 'name adapter.yaml or router.yaml');
}

export interface MadeKey {
  /** Encrypted PKCS#8 in PEM. */
  readonly file: string;
  readonly keys: KeyPair;
  /** The certificate of the key that it will take the place of. */
  readonly old: Certificate;
  readonly passphrase: Passphrase;
}

/** Makes a key like the present one, or of another kind, under the same passphrase. */
export async function makeKey(
  { identity, base }: KeyConfig,
  use: Use,
  options: Options,
): Promise<MadeKey> {
  const source = sourceOf(identity, use);
  const old = await loadCertificate(source, base);
  const word = textOption(options, 'key') ?? kindOf(old.publicKey) ?? 'rsa';
  const keys: KeyPair =
    choice(word, ['rsa', 'ec'], '--key') === 'rsa'
      ? await generate('rsa', { modulusLength: 3072 })
      : await generate('ec', { namedCurve: 'prime256v1' });
  const file = freeName(resolve(base, textOption(options, 'out') ?? dirname(fileOf(source))), use);
  await writeWhole(file, encryptedPem(keys.privateKey, await readPassphrase(source, base)), 0o600);
  return { file, keys, old, passphrase: passphraseOf(source, base) };
}

const fileOf = (source: KeySource): string => ('p12' in source ? source.p12 : source.key);

/** The first of `tls-2.key.pem`, `tls-3.key.pem` … that is not there. */
function freeName(folder: string, use: Use): string {
  for (let number = 2; ; number++) {
    const file = join(folder, `${use}-${number}.key.pem`);
    if (!existsSync(file)) return file;
  }
}

/** @returns the same passphrase, by a path that holds from everywhere */
export function passphraseOf(source: KeySource, base: string): Passphrase {
  if ('passphraseFile' in source) return { passphraseFile: resolve(base, source.passphraseFile) };
  if ('passphraseEnv' in source) return { passphraseEnv: source.passphraseEnv };
  return { passphraseCredential: source.passphraseCredential };
}
