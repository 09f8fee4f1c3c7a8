/** Where the passphrase of a key comes from: a file, the environment, or a credential of systemd. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError } from '../schemas/command.ts';
import type { Passphrase } from './config.ts';

/**
 * @param base folder that a relative path starts from
 * @throws CommandError with the name of what is missing, and never a word of what is there
 */
export async function readPassphrase(source: Passphrase, base = '.'): Promise<string> {
  const found = await find(source, base);
  const passphrase = found.text.trim();
  if (passphrase !== '') return passphrase;
  throw new CommandError('usage', `${found.where} is empty`, 'put the passphrase of the key in it');
}

async function find(source: Passphrase, base: string): Promise<{ text: string; where: string }> {
  if ('passphraseEnv' in source) return fromEnvironment(source.passphraseEnv);
  if ('passphraseFile' in source) {
    const where = source.passphraseFile;
    return { where, text: await read(resolve(base, where), where) };
  }
  const where = `the credential ${source.passphraseCredential}`;
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  if (folder === undefined) {
    const next = 'start it as a systemd unit with LoadCredential= or LoadCredentialEncrypted=';
    throw new CommandError(
      'usage',
      `${where} cannot be read: CREDENTIALS_DIRECTORY is not set`,
      next,
    );
  }
  return { where, text: await read(join(folder, source.passphraseCredential), where) };
}

function fromEnvironment(name: string): { text: string; where: string } {
  const where = `the environment variable ${name}`;
  const text = process.env[name];
  if (text !== undefined) return { where, text };
  throw new CommandError('usage', `${where} is not set`, 'set it, or name a passphraseFile');
}

async function read(file: string, where: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    const next = 'check that it exists and may be read by this user';
    throw new CommandError('usage', `${where} cannot be read`, next);
  }
}
