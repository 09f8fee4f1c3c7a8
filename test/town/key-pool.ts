/**
 * RSA keys for tests, made once and kept beside the build: a second of work each, and hundreds of them
 * would be needed. A process is never given the same one twice. Keys of tests only: they are no secret.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeys, type KeyPair } from '../../certs/authority/issuers.ts';
import { projectFolder } from '../../project.ts';

const FOLDER = join(projectFolder(), '.build', 'test-rsa-3072');
let given = 0;

/** The next key that this process has not had. P-256 keys take no time and are made anew. */
export async function keyFromPool(kind: 'rsa' | 'ec'): Promise<KeyPair> {
  if (kind === 'ec') return generateKeys(kind);
  const file = join(FOLDER, `${given++}.pem`);
  if (!existsSync(file)) return addTo(file);
  const privateKey = createPrivateKey(readFileSync(file));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** Another test may do so at the same time: each goes on with its own, and one of them stays. */
async function addTo(file: string): Promise<KeyPair> {
  const keys = await generateKeys('rsa');
  mkdirSync(FOLDER, { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  renameSync(mine, file);
  return keys;
}
