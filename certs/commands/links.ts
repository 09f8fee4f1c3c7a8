/**
 * The verdict on every link from a certificate up to the pinned root, each for itself: the fault is
 * told where it is, and what lies below a broken link is not called good.
 */
import { CODES } from '../../schemas/codes.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Certificate, Use } from '../certificate.ts';
import type { Chain } from '../chain.ts';
import { usesOf, whyUnsuitable } from '../suit.ts';
import type { TrustStore } from '../truststore.ts';
import { whyWeak } from '../weak.ts';

export interface Link {
  readonly name: string;
  /** Who issued it. */
  readonly issuer: string;
  readonly from: string;
  readonly until: string;
  readonly good: boolean;
  readonly verdict: string;
  /** The revocation list that the verdict rests on: how fresh, which number, from where. */
  readonly list: string;
}

const minute = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** @param use what it should be good for; what it says of itself when absent */
export function traceLinks(
  store: TrustStore,
  certificate: Certificate,
  now: number,
  use: Use = usesOf(certificate)[0] ?? 'tls',
): Link[] {
  const chain = chainOf(store, certificate);
  const all = [certificate, ...(chain ?? [])];
  const faults = all.map((one, at) => {
    const issuer = all[at + 1] ?? one;
    const own = at === 0 ? faultOfLeaf(one, use, chain) : undefined;
    return own ?? faultOfDates(one, now) ?? (chain && faultOfRevocation(store, one, issuer, now));
  });
  return all.map((one, at) => {
    const issuer = all[at + 1] ?? one;
    const above = faults.findIndex((fault, place) => place > at && fault !== undefined);
    const fault = faults[at] ?? (above > 0 ? `not good, for a link above it is not` : undefined);
    return {
      name: one.name,
      issuer: chain === undefined ? commonNameOf(one.x509.issuer) : issuer.name,
      from: minute(one.notBefore),
      until: minute(one.notAfter),
      good: fault === undefined,
      verdict: fault ?? praise(one, at, all.length),
      list: chain === undefined ? 'none is asked' : listInWords(store, issuer, now),
    };
  });
}

function praise(one: Certificate, at: number, length: number): string {
  if (at === 0) return `good for ${usesOf(one).join(', ')}`;
  return at === length - 1 ? 'pinned root' : 'pinned';
}

function chainOf(store: TrustStore, certificate: Certificate): Chain | undefined {
  try {
    return store.chainOf(certificate);
  } catch {
    return undefined;
  }
}

const words = (code: Refusal['code'], detail?: string): string =>
  `${code}: ${detail ?? CODES[code].title}`;

function faultOfLeaf(one: Certificate, use: Use, chain: Chain | undefined): string | undefined {
  if (chain === undefined) {
    return words('certificate-untrusted', 'no pinned issuer signed it');
  }
  const reason = whyUnsuitable(one, use) ?? whyWeak(one.publicKey);
  if (reason !== undefined) return words('certificate-unsuitable', reason);
  if (one.oin === undefined) {
    return words('certificate-unsuitable', 'subject.serialNumber is not an OIN');
  }
  return undefined;
}

function faultOfDates({ notBefore, notAfter }: Certificate, now: number): string | undefined {
  if (now < notBefore) return words('certificate-expired', `valid from ${minute(notBefore)} only`);
  if (now > notAfter) return words('certificate-expired', `it ended on ${minute(notAfter)}`);
  return undefined;
}

function faultOfRevocation(
  { revocations }: TrustStore,
  one: Certificate,
  issuer: Certificate,
  now: number,
): string | undefined {
  try {
    revocations.check(one.serial, issuer, now);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const since = revocations.listOf(issuer)?.revoked.get(one.serial);
    return words(error.code, since === undefined ? undefined : `since ${minute(since)}`);
  }
}

/** What is known of the issuer's list, and what went wrong with the sources when it is not fresh. */
export function listInWords({ revocations }: TrustStore, issuer: Certificate, now: number): string {
  const { thisUpdate, nextUpdate, number, source, fresh } = revocations.statusOf(issuer, now);
  if (thisUpdate === undefined || nextUpdate === undefined) {
    const told = [...revocations.faults].map(([from, why]) => `${from} ${why}`).join('; ');
    return `no list of ${issuer.name}${told === '' ? '' : ` (${told})`}`;
  }
  const age = fresh ? 'fresh' : 'too old or from the future';
  return `${age}: number ${number}, made ${minute(thisUpdate)}, next ${minute(nextUpdate)}, ${source}`;
}

const commonNameOf = (name: string): string => /^CN=(.*)$/m.exec(name)?.[1] ?? name;
