/**
 * Whom to trust. Roots and issuers are pinned and checked once, when they are loaded; of a stranger's
 * certificate only this is asked: did a pinned issuer sign exactly this one, for this use, and is
 * it in force. No path is ever built from what a stranger sends.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../schemas/clock.ts';
import { CommandError } from '../schemas/command.ts';
import { Refusal } from '../schemas/refusal.ts';
import { type Certificate, readCertificate, type Use } from './certificate.ts';
import { type Chain, chainOf, issuersOfLeaves } from './chain.ts';
import type { TrustConfig } from './config.ts';
import { isUrl } from './fetch.ts';
import type { Grounds } from './grounds.ts';
import { fromPem } from './pem.ts';
import { Revocations } from './revocation.ts';
import { isSignedBy } from './signature.ts';
import { whyUnsuitable } from './suit.ts';
import { whyWeak } from './weak.ts';

export interface Question {
  readonly use: Use;
  /** When it was used, by what the sender says (`iat`), in milliseconds. */
  readonly at: number;
  /** When we saw it first. */
  readonly now: number;
  /**
   * When somebody whose word counts saw it first, when that was before us: what waited in a mailbox
   * does not expire there. Revocation is asked of now, all the same.
   */
  readonly seen?: number;
}

export class TrustStore {
  readonly revocations: Revocations;
  /** From each issuer of leaves up to its root. */
  readonly #chains: readonly Chain[];
  /** The chain of a leaf, by thumbprint: signatures do not change. */
  readonly #signedBy = new LRUCache<string, Chain>({ max: 5000 });

  constructor(chains: readonly Chain[], revocations: Revocations) {
    this.#chains = chains;
    this.revocations = revocations;
  }

  /**
   * Loads the pinned certificates and the first revocation lists.
   * @param base folder that relative paths start from
   * @throws CommandError when a pinned certificate is not one to build on
   */
  static async load(
    config: TrustConfig,
    { clock = systemClock, base = '.' }: { clock?: Clock; base?: string } = {},
  ): Promise<TrustStore> {
    const roots = await readPinned(config.roots, base);
    const issuers = await readPinned(config.issuers, base);
    const chains = issuersOfLeaves(issuers).map((issuer) => chainOf(issuer, issuers, roots));
    const revocations = new Revocations({
      sources: config.crls.map((source) => (isUrl(source) ? source : resolve(base, source))),
      issuers: [...new Set(chains.flat())],
      clock,
      ...(config.crlMaxAgeHours !== undefined && { maxAgeHours: config.crlMaxAgeHours }),
      ...(config.crlRefreshSeconds !== undefined && { refreshSeconds: config.crlRefreshSeconds }),
    });
    await revocations.refresh();
    return new TrustStore(chains, revocations);
  }

  /** Keeps the revocation lists fresh until `stop`. */
  start(): void {
    this.revocations.start();
  }

  stop(): void {
    this.revocations.stop();
  }

  /**
   * Returns when the certificate is good for the use.
   * @throws Refusal certificate-untrusted, -unsuitable, -expired, -revoked or revocation-unknown
   */
  judge(certificate: Certificate, { use, at, now, seen = now }: Question): void {
    const chain = this.chainOf(certificate);
    const reason = whyUnsuitable(certificate, use);
    if (reason !== undefined) throw new Refusal('certificate-unsuitable', reason);
    const weak = whyWeak(certificate.publicKey);
    if (weak !== undefined) throw new Refusal('certificate-unsuitable', weak);
    if (certificate.oin === undefined) {
      throw new Refusal('certificate-unsuitable', 'subject.serialNumber is not an OIN');
    }
    checkDates(certificate, at);
    for (const link of [certificate, ...chain]) checkDates(link, Math.min(seen, now));
    this.#checkRevocation(certificate, chain, now);
  }

  /** Every pinned certificate, roots and issuers, each once. */
  get pinned(): Certificate[] {
    return [...new Set(this.#chains.flat())];
  }

  /**
   * The pinned issuers above a certificate, up to the root.
   * @throws Refusal certificate-untrusted when none of them signed it
   */
  chainOf(certificate: Certificate): Chain {
    const known = this.#signedBy.get(certificate.x5t);
    if (known !== undefined) return known;
    const chain = this.#chains.find(
      ([issuer]) =>
        issuer.subject.equals(certificate.issuer) && isSignedBy(certificate.der, issuer.publicKey),
    );
    if (chain === undefined) throw new Refusal('certificate-untrusted');
    this.#signedBy.set(certificate.x5t, chain);
    return chain;
  }

  /** What a verdict on it rests on now: the issuers above it, and the list of each. */
  groundsOf(certificate: Certificate): Grounds {
    const chain = this.chainOf(certificate);
    const lists = chain.map((issuer) => this.revocations.listOf(issuer)?.der);
    return {
      issuers: chain.map(({ der }) => der),
      lists: [...new Set(lists.filter((der) => der !== undefined))],
    };
  }

  #checkRevocation(certificate: Certificate, chain: Chain, now: number): void {
    let below = certificate;
    for (const issuer of chain) {
      this.revocations.check(below.serial, issuer, now);
      below = issuer;
    }
  }
}

function checkDates({ notBefore, notAfter }: Certificate, at: number): void {
  if (at < notBefore || at > notAfter) throw new Refusal('certificate-expired');
}

async function readPinned(files: readonly string[], base: string): Promise<Certificate[]> {
  const found = await Promise.all(files.map((file) => readPinnedFile(file, base)));
  return found.flat();
}

async function readPinnedFile(file: string, base: string): Promise<Certificate[]> {
  try {
    const text = await readFile(resolve(base, file), 'latin1');
    const certificates = fromPem(text, 'CERTIFICATE').map(readCertificate);
    if (certificates.length > 0) return certificates;
  } catch {
    // Said below.
  }
  const next = 'name a PEM file with the certificate of an issuer';
  throw new CommandError('usage', `${file} holds no certificate that can be read`, next);
}
