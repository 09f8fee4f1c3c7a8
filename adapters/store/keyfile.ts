/**
 * The file with the store keys: one key of 32 bytes in base64 a line, the newest first. More than
 * one stands there only while a rotation is under way.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CommandError } from '../../schemas/command.ts';

export interface StoreKey {
  /** The first 16 hexadecimal digits of the key's SHA-256: names the key without telling it. */
  readonly id: string;
  readonly bytes: Buffer;
}

const KEY_LENGTH = 32;

export const newKey = (): StoreKey => toKey(randomBytes(KEY_LENGTH));

function toKey(bytes: Buffer): StoreKey {
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 16), bytes };
}

/** @throws CommandError when others may read the file, or a line is not a key; never with the line itself */
export function readKeys(path: string): StoreKey[] {
  if (!existsSync(path)) {
    throw wrong(
      `there is no key file ${path}`,
      'restore it from its copy: without it nothing opens',
    );
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    throw wrong(`others may read ${path}`, 'chmod 600 it, and rotate the key if they did');
  }
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) throw wrong(`${path} holds no key`, FORM);
  return lines.map((line, index) => {
    const bytes = Buffer.from(line.trim(), 'base64');
    if (bytes.length === KEY_LENGTH) return toKey(bytes);
    throw wrong(`line ${index + 1} of ${path} is not a key`, FORM);
  });
}

const FORM = 'a key is 32 bytes in base64 on a line of its own';
const wrong = (message: string, next: string) => new CommandError('usage', message, next);

/** Puts the keys in place of what was there, in one step and on disk before it returns. */
export function writeKeys(path: string, keys: readonly StoreKey[]): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  writeSync(file, keys.map((key) => `${key.bytes.toString('base64')}\n`).join(''));
  fsyncSync(file);
  closeSync(file);
  renameSync(beside, path);
  syncFolder(dirname(path));
}

/** Makes renames in a folder durable. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
