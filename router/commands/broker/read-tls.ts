/** The broker's key and certificate. nats-server reads no encrypted key, so it is opened here. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { toPem } from '../../../certs/pem.ts';
import { readPkcs12 } from '../../../certs/pkcs12.ts';
import { CommandError } from '../../../schemas/command.ts';
import { type Options, text } from '../admin.ts';
import { needed } from './options.ts';

/** @throws CommandError usage when the key cannot be read with the passphrase that was given */
export async function readTls(options: Options): Promise<{ cert: string; key: string }> {
  const passphraseFile = text(options, 'passphraseFile');
  const passphrase = passphraseFile && (await readFile(passphraseFile, 'utf8')).trim();
  const p12 = text(options, 'p12');
  if (p12 !== undefined) {
    const { key, chain } = unlock(p12, await readFile(p12), (bytes) =>
      readPkcs12(bytes, passphrase ?? ''),
    );
    return {
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: chain.map(({ der }) => toPem(der, 'CERTIFICATE')).join(''),
    };
  }
  const file = needed(options, 'key', '--key (with --certificate), or --p12');
  const key = unlock(file, await readFile(file), (bytes) =>
    createPrivateKey({ key: bytes, ...(passphrase && { passphrase }) }),
  );
  return {
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: await readFile(needed(options, 'certificate', '--certificate'), 'utf8'),
  };
}

/** @throws CommandError usage when the key cannot be read with this passphrase */
function unlock<T>(file: string, bytes: Buffer, read: (bytes: Buffer) => T): T {
  try {
    return read(bytes);
  } catch {
    const next = 'Check the file, and --passphrase-file.';
    throw new CommandError('usage', `${file} cannot be opened with this passphrase`, next);
  }
}
