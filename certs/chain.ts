/** The pinned issuers, linked once from those that issue leaves up to a pinned root. */
import { CommandError } from '../schemas/command.ts';
import type { Certificate } from './certificate.ts';
import { isSignedBy } from './signature.ts';
import { whyWeak } from './weak.ts';

/** From an issuer of leaves up to its root; each signed by the next. */
export type Chain = readonly [Certificate, ...Certificate[]];

const LONGEST = 6;

/**
 * Only an issuer that may issue nothing but leaves (path length 0) is asked about leaves.
 * @throws CommandError when none is
 */
export function issuersOfLeaves(issuers: readonly Certificate[]): Certificate[] {
  const found = issuers.filter(({ pathLength }) => pathLength === 0);
  if (found.length > 0) return found;
  throw new CommandError(
    'usage',
    'none of trust.issuers issues certificates of agencies (path length 0)',
    'add the issuing CA to trust.issuers',
  );
}

/** @throws CommandError, naming the certificate at which the chain breaks */
export function chainOf(
  issuer: Certificate,
  issuers: readonly Certificate[],
  roots: readonly Certificate[],
): Chain {
  const chain: [Certificate, ...Certificate[]] = [issuer];
  for (let link = issuer; ; ) {
    checkIssuer(link, chain.length - 1);
    const above = [...roots, ...issuers].find((one) => isIssuedBy(link, one));
    if (above === undefined || chain.length > LONGEST) {
      throw broken(link, 'is not issued by any certificate of trust.roots and trust.issuers');
    }
    if (above === link && roots.includes(link)) return chain;
    chain.push(above);
    link = above;
  }
}

const isIssuedBy = (certificate: Certificate, issuer: Certificate): boolean =>
  certificate.issuer.equals(issuer.subject) && isSignedBy(certificate.der, issuer.publicKey);

/** @param below how many issuers stand between this one and a leaf */
function checkIssuer(certificate: Certificate, below: number): void {
  const { isCa, keyUsage, pathLength = below, unknownCritical, publicKey } = certificate;
  if (!isCa || !keyUsage.includes('keyCertSign')) throw broken(certificate, 'is not an issuer');
  if (pathLength < below) throw broken(certificate, 'may not have so many issuers below it');
  if (unknownCritical.length > 0) throw broken(certificate, 'has an unknown critical extension');
  const weak = whyWeak(publicKey);
  if (weak !== undefined) throw broken(certificate, `has a weak key: ${weak}`);
}

const broken = ({ name }: Certificate, what: string): CommandError =>
  new CommandError(
    'usage',
    `the pinned certificate "${name}" ${what}`,
    'check trust in the configuration',
  );
