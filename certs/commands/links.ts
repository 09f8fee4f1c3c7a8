/** The verdict on every link from a certificate up to the pinned root. */
import { CODES } from '../../schemas/codes.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Certificate } from '../certificate.ts';
import { usesOf } from '../suit.ts';
import type { TrustStore } from '../truststore.ts';
import { day } from './options.ts';

export interface Link {
  readonly name: string;
  readonly until: string;
  readonly good: boolean;
  readonly verdict: string;
}

export function traceLinks(store: TrustStore, certificate: Certificate, now: number): Link[] {
  const link = (one: Certificate, good: string, judge: () => void): Link => ({
    name: one.name,
    until: day(one.notAfter),
    ...verdictOf(good, judge),
  });
  const own = link(certificate, `good for ${usesOf(certificate).join(', ')}`, () =>
    judgeLeaf(store, certificate, now),
  );
  const chain = chainOf(store, certificate);
  const above = chain.map((one, at) => {
    const issuer = chain[at + 1] ?? one;
    const word = issuer === one ? 'pinned root' : 'pinned';
    return link(one, word, () => store.revocations.check(one.serial, issuer, now));
  });
  return [own, ...above];
}

function chainOf(store: TrustStore, certificate: Certificate): readonly Certificate[] {
  try {
    return store.chainOf(certificate);
  } catch {
    return [];
  }
}

function judgeLeaf(store: TrustStore, certificate: Certificate, now: number): void {
  const [use = 'tls'] = usesOf(certificate);
  store.judge(certificate, { use, at: now, now });
}

function verdictOf(good: string, judge: () => void): { good: boolean; verdict: string } {
  try {
    judge();
    return { good: true, verdict: good };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { good: false, verdict: `${error.code}: ${CODES[error.code].title}` };
  }
}
