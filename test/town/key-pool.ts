/**
 * RSA keys for tests. A key is two primes, and those take the time: any two of some ten primes, made once
 * and kept beside the build, are a key. A process is never given the same key twice. For tests only: they
 * are no secret, and whoever knows two keys that share a prime can have all three.
 */
import {
  createPrivateKey,
  createPublicKey,
  generatePrime,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeys, type KeyPair } from '../../certs/authority/issuers.ts';
import { projectFolder } from '../../project.ts';

const FOLDER = join(projectFolder(), '.build', 'test-primes');
/** Half of a modulus of 3072. OpenSSL sets the two highest bits, so that the product has them all. */
const BITS = 1536;
const E = 65_537n;
const primes: Promise<bigint>[] = [];
let given = 0;

/** The next key that this process has not had. P-256 keys take no time and are made anew. */
export async function keyFromPool(kind: 'rsa' | 'ec'): Promise<KeyPair> {
  if (kind === 'ec') return generateKeys(kind);
  const [one, other] = pairAt(given++);
  const privateKey = rsaKey(await primeAt(one), await primeAt(other));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** All pairs in a row: (0,1), (0,2), (1,2), (0,3) … */
function pairAt(place: number): [number, number] {
  let larger = 1;
  for (let left = place; ; left -= larger++) if (left < larger) return [left, larger];
}

function primeAt(place: number): Promise<bigint> {
  primes[place] ??= readOrMake(join(FOLDER, String(place)));
  return primes[place];
}

/** Another test may make it at the same time: each goes on with its own, and one of them stays. */
async function readOrMake(file: string): Promise<bigint> {
  if (existsSync(file)) return BigInt(readFileSync(file, 'utf8'));
  const prime = await makePrime();
  mkdirSync(FOLDER, { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(prime), { mode: 0o600 });
  renameSync(mine, file);
  return prime;
}

async function makePrime(): Promise<bigint> {
  const prime = await new Promise<bigint>((done, fail) =>
    generatePrime(BITS, { bigint: true }, (error, made) => (error ? fail(error) : done(made))),
  );
  return prime % E === 1n ? makePrime() : prime;
}

function rsaKey(p: bigint, q: bigint): KeyObject {
  const d = inverse(E, (p - 1n) * (q - 1n));
  const parts = { n: p * q, e: E, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const key: JsonWebKey = { kty: 'RSA' };
  for (const [name, value] of Object.entries(parts)) key[name] = toBase64(value);
  return createPrivateKey({ key, format: 'jwk' });
}

/** By Euclid: what `of` must be multiplied with to leave 1. */
function inverse(of: bigint, modulus: bigint): bigint {
  let [high, low, atHigh, atLow] = [modulus, of % modulus, 0n, 1n];
  while (low > 0n) {
    const times = high / low;
    [high, low, atHigh, atLow] = [low, high - times * low, atLow, atHigh - times * atLow];
  }
  return ((atHigh % modulus) + modulus) % modulus;
}

function toBase64(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}
