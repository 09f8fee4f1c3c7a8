/** The authority on disk: who was issued what, and the keys of the issuers, encrypted. */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from '../../schemas/command.ts';
import type { Oin, Thumbprint } from '../../schemas/ids.ts';
import { readCertificate, type Use } from '../certificate.ts';
import type { TrustConfig } from '../config.ts';
import { toPem } from '../pem.ts';
import type { Reason } from './crl.ts';
import { type Issuer, LAYERS, type Layer } from './issuers.ts';

/** A line of the authority's book. */
export interface IssuedRecord {
  readonly serial: string;
  readonly x5t: Thumbprint;
  readonly issuer: Layer;
  /** Of an agency; a certificate of a layer has none. */
  readonly oin?: Oin;
  readonly use?: Use;
  readonly name: string;
  readonly notAfter: string;
  readonly revoked?: { readonly at: number; readonly reason: Reason };
}

export interface Book {
  readonly crlBase: string;
  /** Of the last CRLs; each next one is higher. */
  readonly crlNumber: number;
  readonly issued: readonly IssuedRecord[];
}

export const paths = (dir: string) => ({
  book: join(dir, 'authority', 'issued.json'),
  passphrase: join(dir, 'authority', 'passphrase'),
  key: (layer: Layer) => join(dir, 'authority', `${layer}.key.pem`),
  trust: (layer: Layer) => join(dir, 'trust', `${layer}.pem`),
  crl: (layer: Layer) => join(dir, 'crl', `${layer}.crl`),
  agency: (oin: Oin) => join(dir, 'agencies', oin),
});

/** What those who trust the authority in a folder write in their configuration. */
export const trustIn = (dir: string): TrustConfig => ({
  roots: [paths(dir).trust('root')],
  issuers: [paths(dir).trust('domain'), paths(dir).trust('issuing')],
  crls: LAYERS.map(paths(dir).crl),
});

/** Writes a file whole or not at all, so that a reader never sees half of it. */
export async function writeWhole(file: string, data: string | Uint8Array, mode = 0o644) {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  await writeFile(temporary, data, { mode });
  await rename(temporary, file);
}

/** The passphrase in a file; made the first time, readable by this user only. */
export async function passphraseIn(file: string): Promise<string> {
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const passphrase = randomBytes(24).toString('base64url');
  await writeWhole(file, `${passphrase}\n`, 0o600);
  return passphrase;
}

export const encryptedPem = (key: KeyObject, passphrase: string): string =>
  key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();

export async function writeIssuer(dir: string, issuer: Issuer, passphrase: string): Promise<void> {
  const { layer, certificate, keys } = issuer;
  await writeWhole(paths(dir).key(layer), encryptedPem(keys.privateKey, passphrase), 0o600);
  await writeWhole(paths(dir).trust(layer), toPem(certificate.der, 'CERTIFICATE'));
}

/** @throws CommandError */
export async function readIssuer(dir: string, layer: Layer, passphrase: string): Promise<Issuer> {
  const certificate = readCertificate(await readFile(paths(dir).trust(layer)));
  const pem = await readFile(paths(dir).key(layer), 'utf8');
  try {
    const privateKey = createPrivateKey({ key: pem, format: 'pem', passphrase });
    return { layer, certificate, keys: { privateKey, publicKey: createPublicKey(privateKey) } };
  } catch {
    const next = 'check authority/passphrase';
    throw new CommandError('usage', `the key of ${layer} cannot be opened`, next);
  }
}

export async function readBook(dir: string): Promise<Book> {
  try {
    return JSON.parse(await readFile(paths(dir).book, 'utf8')) as Book;
  } catch {
    const next = `make one first: ketenpost certs init ${dir}`;
    throw new CommandError('usage', `there is no authority in ${dir}`, next);
  }
}

export const writeBook = (dir: string, book: Book): Promise<void> =>
  writeWhole(paths(dir).book, `${JSON.stringify(book, null, 2)}\n`);
