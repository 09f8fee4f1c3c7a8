/** Issues one certificate of an agency and writes it where the agency finds it. */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oin } from '../../schemas/ids.ts';
import { type Certificate, readCertificate, type Use } from '../certificate.ts';
import type { FiledKey } from '../config.ts';
import { toPem } from '../pem.ts';
import { writePkcs12 } from '../pkcs12.ts';
import {
  BACKDATE,
  DAY,
  type Issuer,
  type KeyPair,
  type Layer,
  type LeafSpec,
  makeLeaf,
} from './issuers.ts';
import { encryptedPem, passphraseIn, paths, writeWhole } from './store.ts';

export interface IssueRequest {
  readonly oin: Oin;
  /** Of the agency; TRIAL is put before it. */
  readonly name: string;
  readonly use: Use;
  /** `rsa` when absent. */
  readonly key?: 'rsa' | 'ec';
  /** DNS names of a TLS certificate; `localhost` when absent. */
  readonly hosts?: readonly string[];
  /** 397 when absent. */
  readonly days?: number;
  /** Milliseconds; a little before now when absent. */
  readonly notBefore?: number;
}

export interface Issued {
  readonly certificate: Certificate;
  /** The certificate, then issuing and domain CA. */
  readonly certificatePem: string;
  /** RSA. */
  readonly p12?: Buffer;
  /** EC: encrypted PKCS#8 in PEM. */
  readonly key?: string;
  readonly passphrase: string;
  readonly files: { readonly certificate: string; readonly passphraseFile: string };
  /** As a configuration names it. */
  readonly source: FiledKey;
}

interface From {
  readonly dir: string;
  issuer(layer: Layer): Issuer;
}

/** @param keys the pair that is certified @param crlBase where the certificate says the lists are */
export async function issueLeaf(
  from: From,
  request: IssueRequest,
  keys: KeyPair,
  crlBase: string,
  now: number,
): Promise<Issued> {
  const { certificate, chain } = await certifyKey(from, request, keys.publicKey, crlBase, now);
  return writeFiles(paths(from.dir).agency(request.oin), request, keys, certificate, chain);
}

/** The certificate alone, with those above it; nothing is written. */
export async function certifyKey(
  from: From,
  request: IssueRequest,
  publicKey: KeyObject,
  crlBase: string,
  now: number,
): Promise<{ certificate: Certificate; chain: string[]; pem: string }> {
  const issuer = from.issuer('issuing');
  const leaf = leafOf(request, publicKey, issuer, now);
  const certificate = readCertificate(await makeLeaf(leaf, issuer, crlBase));
  const above = [issuer, from.issuer('domain')].map((one) => one.certificate);
  const chain = [certificate, ...above].map(({ der }) => toPem(der, 'CERTIFICATE'));
  return { certificate, chain, pem: chain.join('') };
}

function leafOf(
  request: IssueRequest,
  publicKey: KeyObject,
  issuer: Issuer,
  now: number,
): LeafSpec {
  const { oin, name, use, hosts = ['localhost'], days = 397 } = request;
  const notBefore = request.notBefore ?? now - BACKDATE;
  const notAfter = Math.min(notBefore + days * DAY, issuer.certificate.notAfter);
  return { oin, name, use, hosts, notBefore, notAfter, publicKey };
}

async function writeFiles(
  folder: string,
  { use, key }: IssueRequest,
  { privateKey }: KeyPair,
  certificate: Certificate,
  chain: readonly string[],
): Promise<Issued> {
  const file = (ending: string) => join(folder, `${use}.${ending}`);
  const files = { certificate: file('pem'), passphraseFile: join(folder, 'passphrase') };
  const passphrase = await passphraseIn(files.passphraseFile);
  const made = { certificate, certificatePem: chain.join(''), passphrase, files };
  await keepOld(folder, use);
  await writeWhole(file('pem'), made.certificatePem);
  if (key === 'ec') {
    const pem = encryptedPem(privateKey, passphrase);
    await writeWhole(file('key.pem'), pem, 0o600);
    return { ...made, key: pem, source: { ...files, key: file('key.pem') } };
  }
  const p12 = writePkcs12(privateKey, chain, passphrase);
  await writeWhole(file('p12'), p12, 0o600);
  return { ...made, p12, source: { p12: file('p12'), passphraseFile: files.passphraseFile } };
}

/** A key that is replaced must still open what was sealed for it, so its files stay. */
async function keepOld(folder: string, use: Use): Promise<void> {
  const pem = join(folder, `${use}.pem`);
  if (!existsSync(pem)) return;
  const { serial } = readCertificate(await readFile(pem));
  for (const ending of ['pem', 'p12', 'key.pem']) {
    const file = join(folder, `${use}.${ending}`);
    if (existsSync(file))
      await rename(file, join(folder, `${use}-${serial.slice(0, 8)}.${ending}`));
  }
}
