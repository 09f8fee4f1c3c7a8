/** The bearer token of the local API: one for each agency, in a file that only its owner can read. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';

const SHORTEST = 32;

/** Reads the token; makes one when there is no file yet. @throws Error with what to do */
export function readToken(path: string): string {
  if (!existsSync(path)) {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, `${randomBytes(32).toString('base64url')}\n`);
    closeSync(file);
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new Error(`others may read ${path}: chmod 600 it, and put a new token in if they did`);
  }
  const token = readFileSync(path, 'utf8').trim();
  if (token.length >= SHORTEST) return token;
  throw new Error(`the token in ${path} is shorter than ${SHORTEST} characters: remove the file`);
}

/** Compares in a time that does not tell how much of the token was right. */
export function bearerCheck(token: string): (header: string | undefined) => boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const expected = hash(`Bearer ${token}`);
  return (header) => timingSafeEqual(expected, hash(header ?? ''));
}
