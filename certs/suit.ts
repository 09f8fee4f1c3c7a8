/** Whether a certificate says of itself that it is meant for a use: key usage, purpose and policy. */
import type { Certificate } from './certificate.ts';
import { PROFILE, USES, type Use } from './profile.ts';
import { kindOf } from './strength.ts';

/** @returns what is missing, in words, or undefined when it suits */
export function whyUnsuitable(certificate: Certificate, use: Use): string | undefined {
  const { keyUsage, mayAlso, purpose, policies } = PROFILE[use];
  const kind = kindOf(certificate.publicKey);
  if (kind === undefined) return 'the key is neither RSA nor P-256';
  const needed = keyUsage[kind];
  const allowed = [...needed, ...mayAlso];
  if (certificate.isCa) return 'it is a certificate of an issuer';
  if (certificate.unknownCritical.length > 0) return 'it has a critical extension that is unknown';
  if (!needed.every((one) => certificate.keyUsage.includes(one))) {
    return `key usage must be ${needed.join(' and ')}`;
  }
  if (!certificate.keyUsage.every((one) => allowed.includes(one))) {
    return 'key usage allows more than this use';
  }
  if (!certificate.extendedKeyUsage.includes(purpose)) return `the purpose ${purpose} is missing`;
  if (!certificate.policies.some((policy) => policies.includes(policy))) {
    return `no policy for ${use}`;
  }
  return undefined;
}

/** The uses that the certificate is meant for; for one well issued that is one. */
export const usesOf = (certificate: Certificate): Use[] =>
  USES.filter((use) => whyUnsuitable(certificate, use) === undefined);
