/**
 * Loads keys from files into handles. Whatever goes wrong here can be mended by the one who wrote
 * the configuration, so it is told with the file's name, and without a word of its contents.
 */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from '../schemas/command.ts';
import { type Oin, parseOin } from '../schemas/ids.ts';
import { type Certificate, readCertificate, type Use } from './certificate.ts';
import type { IdentityConfig, KeySource, OpeningSource } from './config.ts';
import { openingKey, signingKey } from './handles.ts';
import type { OpeningKey, SigningKey } from './keys.ts';
import { readPassphrase } from './passphrase.ts';
import { fromPem, toPem } from './pem.ts';
import { type KeyAndChain, readPkcs12 } from './pkcs12.ts';
import { whyUnsuitable } from './suit.ts';

/** What node:tls needs to show who we are: key and chain in PEM, in memory only. */
export interface TlsIdentity {
  readonly key: string;
  /** The certificate, then those that link it to the root. */
  readonly cert: string;
}

/** An agency, or the router, as it acts: its keys behind handles. */
export interface Identity {
  readonly oin: Oin;
  readonly signing: SigningKey;
  /** Newest first. */
  readonly opening: readonly OpeningKey[];
  readonly tls: TlsIdentity;
  /** The certificates of all these keys. */
  readonly certificates: readonly Certificate[];
}

interface Loaded extends KeyAndChain {
  readonly own: Certificate;
}

/** @param base folder that relative paths start from @throws CommandError */
export async function loadSigningKey(source: KeySource, base = '.'): Promise<SigningKey> {
  const { key, own } = await loadSource(source, base, 'authenticiteit');
  return signingKey(key, own);
}

/** @throws CommandError */
export async function loadOpeningKey(source: OpeningSource, base = '.'): Promise<OpeningKey> {
  const { key, own } = await loadSource(source, base, 'vertrouwelijkheid');
  return openingKey(key, own, source.alsoSha1);
}

/** @throws CommandError */
export async function loadTls(source: KeySource, base = '.'): Promise<TlsIdentity> {
  return toTls(await loadSource(source, base, 'tls'));
}

/** @throws CommandError, also when a certificate is of another agency or for another use */
export async function loadIdentity(config: IdentityConfig, base = '.'): Promise<Identity> {
  const oin = parseOin(config.oin);
  const [signing, tls, ...opening] = await Promise.all([
    loadSource(config.signing, base, 'authenticiteit', oin),
    loadSource(config.tls, base, 'tls', oin),
    ...config.opening.map((source) => loadSource(source, base, 'vertrouwelijkheid', oin)),
  ]);
  return {
    oin,
    signing: signingKey(signing.key, signing.own),
    opening: await Promise.all(
      opening.map(({ key, own }, at) => openingKey(key, own, config.opening[at]?.alsoSha1)),
    ),
    tls: toTls(tls),
    certificates: [signing.own, ...opening.map(({ own }) => own), tls.own],
  };
}

const toTls = ({ key, chain }: Loaded): TlsIdentity => ({
  key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  cert: chain.map(({ der }) => toPem(der, 'CERTIFICATE')).join(''),
});

/** The certificate of a key, whatever it is for. @throws CommandError */
export async function loadCertificate(source: KeySource, base = '.'): Promise<Certificate> {
  return (await openSource(source, base)).own;
}

/** A key with its chain, checked to be for a use and, when given, of an OIN. @throws CommandError */
export async function loadSource(
  source: KeySource,
  base: string,
  use: Use,
  oin?: Oin,
): Promise<Loaded> {
  const loaded = await openSource(source, base);
  const { own } = loaded;
  const file = fileOf(source);
  const reason = whyUnsuitable(own, use);
  if (reason !== undefined) {
    throw mend(
      file,
      `is not a certificate for ${use}: ${reason}`,
      `name the certificate for ${use}`,
    );
  }
  if (own.oin === undefined || (oin !== undefined && own.oin !== oin)) {
    throw mend(
      file,
      'is of another OIN than the configuration',
      'name the certificate of this OIN',
    );
  }
  return loaded;
}

const fileOf = (source: KeySource): string => ('p12' in source ? source.p12 : source.certificate);

async function openSource(source: KeySource, base: string): Promise<Loaded> {
  const passphrase = await readPassphrase(source, base);
  const { key, chain } = await ('p12' in source
    ? openP12(source.p12, base, passphrase)
    : openPem(source, base, passphrase));
  const [own] = chain;
  if (own !== undefined) return { key, chain, own };
  throw mend(fileOf(source), 'holds no certificate', 'put the certificate of the key in it');
}

async function openP12(file: string, base: string, passphrase: string): Promise<KeyAndChain> {
  const bytes = await read(file, base);
  try {
    return readPkcs12(bytes, passphrase);
  } catch {
    throw mend(
      file,
      'cannot be opened as PKCS#12 with this passphrase',
      'check the file and its passphrase',
    );
  }
}

async function openPem(
  source: { readonly key: string; readonly certificate: string },
  base: string,
  passphrase: string,
): Promise<KeyAndChain> {
  const pem = (await read(source.key, base)).toString('utf8');
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY')) {
    throw mend(source.key, 'is not an encrypted PKCS#8 key', 'encrypt it: openssl pkcs8 -topk8');
  }
  const certificates = (await read(source.certificate, base)).toString('utf8');
  const key = unlock(source.key, pem, passphrase);
  const chain = fromPem(certificates, 'CERTIFICATE').map(readCertificate);
  if (chain[0]?.x509.checkPrivateKey(key) === false) {
    throw mend(
      source.certificate,
      'does not belong to the key',
      'name the certificate of this key',
    );
  }
  return { key, chain };
}

function unlock(file: string, pem: string, passphrase: string) {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase });
  } catch {
    throw mend(file, 'cannot be opened with this passphrase', 'check the passphrase');
  }
}

async function read(file: string, base: string): Promise<Buffer> {
  try {
    return await readFile(resolve(base, file));
  } catch {
    throw mend(file, 'cannot be read', 'check that it exists and may be read by this user');
  }
}

const mend = (file: string, what: string, next: string): CommandError =>
  new CommandError('usage', `${file} ${what}`, next);
