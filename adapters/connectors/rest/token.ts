/** The bearer token of the local API: one for each agency, in a file that only its owner can read. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { CommandError } from '../../../schemas/command.ts';

const SHORTEST = 32;

/** Reads the token; makes one when there is no file yet. @throws CommandError */
export function readToken(path: string): string {
  if (!existsSync(path)) {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, `${randomBytes(32).toString('base64url')}\n`);
    closeSync(file);
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    const next = 'chmod 600 it, and remove it to get a new token if they did';
    throw new CommandError('usage', `others may read ${path}`, next);
  }
  const token = readFileSync(path, 'utf8').trim();
  if (token.length >= SHORTEST) return token;
  const message = `the token in ${path} is shorter than ${SHORTEST} characters`;
  throw new CommandError('usage', message, 'remove the file to get a new one');
}

/** Compares in a time that does not tell how much of the token was right. */
export function bearerCheck(token: string): (header: string | undefined) => boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const expected = hash(`Bearer ${token}`);
  return (header) => timingSafeEqual(expected, hash(header ?? ''));
}
