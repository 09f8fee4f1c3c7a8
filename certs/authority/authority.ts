/**
 * The development authority: root, domain and issuing CA after PKIoverheid G4, with TRIAL names and
 * trial policies. It issues and revokes; it is never asked whether something is to be trusted.
 */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Clock, systemClock } from '../../schemas/clock.ts';
import { CommandError } from '../../schemas/command.ts';
import type { Certificate } from '../certificate.ts';
import type { TrustConfig } from '../config.ts';
import { buildCrl, type Reason } from './crl.ts';
import { certifyKey, type Issued, type IssueRequest, issueLeaf } from './issue.ts';
import {
  DAY,
  generateKeys,
  type Issuer,
  type KeyPair,
  LAYERS,
  type Layer,
  makeIssuer,
} from './issuers.ts';
import {
  type Book,
  type IssuedRecord,
  passphraseIn,
  paths,
  readBook,
  readIssuer,
  trustIn,
  writeBook,
  writeIssuer,
  writeWhole,
} from './store.ts';

export interface AuthorityOptions {
  readonly clock?: Clock;
  /** Where the certificates say that the CRLs are; nothing is served there by itself. */
  readonly crlBase?: string;
  /** Where keys come from; absent: made anew, which takes RSA a second of work. */
  readonly generate?: (kind: 'rsa' | 'ec') => Promise<KeyPair>;
}

const NOWHERE = 'http://crl.ketenpost.invalid';

/**
 * Makes the three CAs in a folder that has none, and their first CRLs.
 * @throws CommandError when there is an authority already
 */
export async function createAuthority(
  dir: string,
  { clock = systemClock, crlBase = NOWHERE, generate = generateKeys }: AuthorityOptions = {},
): Promise<Authority> {
  if (existsSync(paths(dir).book)) {
    const next = 'use it with certs issue, or name another folder';
    throw new CommandError('usage', `there is an authority in ${dir} already`, next);
  }
  const passphrase = await passphraseIn(paths(dir).passphrase);
  const issuers = await makeIssuers(generate, crlBase, clock.now());
  for (const issuer of issuers) await writeIssuer(dir, issuer, passphrase);
  const issued = issuers.map(({ certificate, layer }) => ({
    serial: certificate.serial,
    x5t: certificate.x5t,
    issuer: above(layer),
    name: certificate.name,
    notAfter: new Date(certificate.notAfter).toISOString(),
  }));
  await writeBook(dir, { crlBase, crlNumber: 0, issued });
  const authority = new Authority(dir, issuers, clock, generate);
  await authority.writeCrls();
  return authority;
}

const above = (layer: Layer): Layer => (layer === 'issuing' ? 'domain' : 'root');

type Generate = NonNullable<AuthorityOptions['generate']>;

async function makeIssuers(generate: Generate, crlBase: string, now: number): Promise<Issuer[]> {
  const keys = await Promise.all(LAYERS.map(() => generate('rsa')));
  const issuers: Issuer[] = [];
  for (const [at, layer] of LAYERS.entries()) {
    const pair = keys[at] ?? (await generate('rsa'));
    issuers.push(await makeIssuer(layer, pair, issuers.at(-1), crlBase, now));
  }
  return issuers;
}

/** @throws CommandError when there is none, or its keys cannot be opened */
export async function openAuthority(
  dir: string,
  { clock = systemClock, generate = generateKeys }: AuthorityOptions = {},
): Promise<Authority> {
  await readBook(dir);
  const passphrase = await passphraseIn(paths(dir).passphrase);
  const issuers = await Promise.all(LAYERS.map((layer) => readIssuer(dir, layer, passphrase)));
  return new Authority(dir, issuers, clock, generate);
}

// How long a list is valid: that of leaves as PKIoverheid has it, those above for half a year.
const VALID: Readonly<Record<Layer, number>> = {
  root: 180 * DAY,
  domain: 180 * DAY,
  issuing: 2 * DAY,
};

export class Authority {
  readonly dir: string;
  readonly #issuers: readonly Issuer[];
  readonly #clock: Clock;
  readonly #generate: Generate;
  /** Changes of the book happen one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(dir: string, issuers: readonly Issuer[], clock: Clock, generate: Generate) {
    this.#generate = generate;
    this.dir = dir;
    this.#issuers = issuers;
    this.#clock = clock;
  }

  /** What those who trust this authority write in their configuration. */
  get trust(): TrustConfig {
    return trustIn(this.dir);
  }

  issuer(layer: Layer): Issuer {
    const found = this.#issuers.find((one) => one.layer === layer);
    if (found === undefined) throw new Error(`no issuer ${layer}`);
    return found;
  }

  /** Everything that was issued, in order. */
  async issued(): Promise<readonly IssuedRecord[]> {
    return (await readBook(this.dir)).issued;
  }

  /**
   * Makes a key and its certificate and writes them under `agencies/<oin>/`. What lay there under the
   * same name is kept beside it, with its serial number in the name.
   */
  async issue(request: IssueRequest): Promise<Issued> {
    const { crlBase } = await readBook(this.dir);
    const keys = await this.#generate(request.key ?? 'rsa');
    return this.#change(async (book) => {
      const issued = await issueLeaf(this, request, keys, crlBase, this.#clock.now());
      const entry = entryOf(request, issued.certificate);
      return [{ ...book, issued: [...book.issued, entry] }, issued];
    });
  }

  /**
   * Certifies a key that somebody else made and keeps, as a TSP does with a request.
   * @returns the certificate with those above it, in PEM
   */
  async certify(request: IssueRequest, publicKey: KeyObject): Promise<string> {
    return this.#change(async (book) => {
      const made = await certifyKey(this, request, publicKey, book.crlBase, this.#clock.now());
      return [{ ...book, issued: [...book.issued, entryOf(request, made.certificate)] }, made.pem];
    });
  }

  /** Revokes by serial number or thumbprint, and publishes: what is not published is not revoked. */
  async revoke(serialOrX5t: string, reason: Reason = 'unspecified'): Promise<IssuedRecord> {
    const entry = await this.#change(async (book) => {
      const found = book.issued.find(({ serial, x5t }) =>
        [serial, x5t].includes(serialOrX5t as never),
      );
      if (found === undefined) throw notIssued(serialOrX5t);
      const revoked = found.revoked ?? { at: this.#clock.now(), reason };
      const issued = book.issued.map((one) => (one === found ? { ...one, revoked } : one));
      return [
        { ...book, issued },
        { ...found, revoked },
      ];
    });
    await this.writeCrls();
    return entry;
  }

  /** Writes the CRLs of all three layers anew. */
  writeCrls(): Promise<void> {
    return this.#change(async (book) => {
      const number = book.crlNumber + 1;
      for (const layer of LAYERS) await this.#writeCrl(layer, number, book);
      return [{ ...book, crlNumber: number }, undefined];
    });
  }

  async #writeCrl(layer: Layer, number: number, book: Book): Promise<void> {
    const { certificate, keys } = this.issuer(layer);
    const thisUpdate = this.#clock.now();
    const revoked = book.issued.flatMap(({ serial, issuer, revoked: by }) =>
      issuer === layer && by !== undefined ? [{ serial, ...by }] : [],
    );
    const nextUpdate = thisUpdate + VALID[layer];
    const issuer = certificate.subject;
    const spec = { issuer, issuerKey: keys, number, thisUpdate, nextUpdate, revoked };
    await writeWhole(paths(this.dir).crl(layer), await buildCrl(spec));
  }

  #change<T>(step: (book: Book) => Promise<readonly [Book, T]>): Promise<T> {
    const next = this.#last.then(async () => {
      const [book, result] = await step(await readBook(this.dir));
      await writeBook(this.dir, book);
      return result;
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

const entryOf = ({ oin, use }: IssueRequest, certificate: Certificate): IssuedRecord => ({
  serial: certificate.serial,
  x5t: certificate.x5t,
  issuer: 'issuing',
  oin,
  use,
  name: certificate.name,
  notAfter: new Date(certificate.notAfter).toISOString(),
});

const notIssued = (id: string): CommandError =>
  new CommandError('refused', `this authority did not issue ${id}`, 'see: ketenpost certs show');
