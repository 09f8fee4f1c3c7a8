/**
 * What is revoked: the lists of the pinned issuers, from configured places only, kept fresh in
 * memory. What cannot be known is said to be unknown; nothing is let through for want of a list.
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock } from '../schemas/clock.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { Certificate } from './certificate.ts';
import { type Crl, readCrl } from './crl.ts';
import { fetchSource, isUrl } from './fetch.ts';
import { isSignedBy } from './signature.ts';

const HOUR = 3_600_000;
/** A list from the future is as wrong as an old one; clocks differ by a little. */
const SKEW = 300_000;

export interface RevocationOptions {
  /** Absolute file paths, or http(s) addresses. */
  readonly sources: readonly string[];
  /** Who may sign lists. */
  readonly issuers: readonly Certificate[];
  readonly clock: Clock;
  readonly maxAgeHours?: number;
  readonly refreshSeconds?: number;
}

interface Held {
  readonly crl: Crl;
  readonly source: string;
  readonly fetchedAt: number;
}

/** What is known of one issuer's list, for health checks and people. */
export interface CrlStatus {
  readonly issuer: string;
  readonly source: string | undefined;
  readonly number: bigint | undefined;
  readonly thisUpdate: number | undefined;
  readonly nextUpdate: number | undefined;
  readonly entries: number;
  readonly fresh: boolean;
}

export class Revocations {
  readonly #options: RevocationOptions;
  readonly #maxAge: number;
  readonly #held = new Map<string, Held>();
  readonly #faults = new Map<string, string>();
  #refreshing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #watchers: FSWatcher[] = [];

  constructor(options: RevocationOptions) {
    this.#options = options;
    this.#maxAge = (options.maxAgeHours ?? 4) * HOUR;
  }

  /**
   * @param serial as Certificate.serial, of a certificate that the issuer issued
   * @throws Refusal certificate-revoked or revocation-unknown
   */
  check(serial: string, issuer: Certificate, now: number): void {
    const held = this.#held.get(issuer.x5t);
    // A revocation does not grow old: what was listed once stays refused, whatever the age.
    if (held?.crl.revoked.has(serial)) throw new Refusal('certificate-revoked');
    if (held === undefined || !this.#isFresh(held, issuer, now)) {
      throw new Refusal('revocation-unknown');
    }
  }

  /** PKIoverheid wants the list of a leaf's issuer at most four hours old; lists above live longer. */
  #isFresh({ crl, fetchedAt }: Held, issuer: Certificate, now: number): boolean {
    const issuesLeaves = issuer.pathLength === 0;
    return (
      now < crl.nextUpdate &&
      crl.thisUpdate <= now + SKEW &&
      now - fetchedAt <= this.#maxAge &&
      (!issuesLeaves || now - crl.thisUpdate <= this.#maxAge)
    );
  }

  /** Reads every source anew. What fails keeps its old list, which then grows stale. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.then(async () => {
      await Promise.all(this.#options.sources.map((source) => this.#refreshOne(source)));
    });
    return this.#refreshing;
  }

  async #refreshOne(source: string): Promise<void> {
    try {
      this.#take(await fetchSource(source), source);
      this.#faults.delete(source);
    } catch (error) {
      this.#faults.set(source, error instanceof Error ? error.message : 'cannot be read');
    }
  }

  #take(bytes: Buffer, source: string): void {
    const fetchedAt = this.#options.clock.now();
    const known = [...this.#held].find(([, held]) => held.crl.der.equals(bytes));
    if (known !== undefined) {
      this.#held.set(known[0], { ...known[1], source, fetchedAt });
      return;
    }
    const crl = readCrl(bytes);
    const issuer = this.#signerOf(crl);
    if (issuer === undefined) throw new Error('not signed by a pinned issuer');
    const before = this.#held.get(issuer.x5t);
    if (before !== undefined && isOlder(crl, before.crl)) {
      throw new Error('older than the list that is held');
    }
    this.#held.set(issuer.x5t, { crl, source, fetchedAt });
  }

  #signerOf(crl: Crl): Certificate | undefined {
    return this.#options.issuers.find(
      ({ subject, keyUsage, publicKey }) =>
        subject.equals(crl.issuer) &&
        keyUsage.includes('cRLSign') &&
        isSignedBy(crl.der, publicKey),
    );
  }

  /**
   * Takes up lists (DER) that verdicts rested on before a restart: what they revoke stays revoked, and no
   * older list takes their place. They let nothing through until a source shows them, or later ones; those
   * that would be stale by now count no more.
   */
  recall(lists: readonly Buffer[]): void {
    const now = this.#options.clock.now();
    for (const crl of lists.map(readCrl)) {
      const issuer = this.#signerOf(crl);
      const kept = { crl, source: 'before the restart', fetchedAt: now };
      if (issuer === undefined || !this.#isFresh(kept, issuer, now)) continue;
      const held = this.#held.get(issuer.x5t);
      if (held === undefined || isOlder(held.crl, crl))
        this.#held.set(issuer.x5t, { ...kept, fetchedAt: 0 });
    }
  }

  /** Refreshes at intervals, and at once when a file changes. */
  start(): void {
    if (this.#timer !== undefined) return;
    const interval = (this.#options.refreshSeconds ?? 40) * 1000;
    this.#timer = setInterval(() => void this.refresh(), interval).unref();
    for (const file of this.#options.sources.filter((source) => !isUrl(source))) this.#watch(file);
  }

  #watch(file: string): void {
    try {
      // The folder, because a list is replaced by renaming a new file over it.
      const watcher = watch(dirname(file), (_, name) => {
        if (name === basename(file)) void this.refresh();
      });
      watcher.on('error', () => watcher.close());
      this.#watchers.push(watcher.unref());
    } catch {
      // Without a watch there is still the interval.
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  /** Sources that could not be taken the last time, each with why. */
  get faults(): ReadonlyMap<string, string> {
    return this.#faults;
  }

  status(now: number): CrlStatus[] {
    return this.#options.issuers.map((issuer) => this.statusOf(issuer, now));
  }

  statusOf(issuer: Certificate, now: number): CrlStatus {
    const held = this.#held.get(issuer.x5t);
    return {
      issuer: issuer.name,
      source: held?.source,
      number: held?.crl.number,
      thisUpdate: held?.crl.thisUpdate,
      nextUpdate: held?.crl.nextUpdate,
      entries: held?.crl.revoked.size ?? 0,
      fresh: held !== undefined && this.#isFresh(held, issuer, now),
    };
  }

  /** The list of an issuer that is held now: to be kept as evidence of what it said. */
  listOf(issuer: Certificate): Crl | undefined {
    return this.#held.get(issuer.x5t)?.crl;
  }
}

/** By its time, and by its number where both have one: a list never takes the place of a later one. */
const isOlder = (crl: Crl, held: Crl): boolean =>
  crl.thisUpdate < held.thisUpdate || (crl.number >= 0n && crl.number < held.number);
