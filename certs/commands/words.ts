/** Says in a few words what a certificate is. */
import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../certificate.ts';
import { kindOf } from '../strength.ts';
import { usesOf } from '../suit.ts';

export function keyInWords(key: KeyObject): string {
  if (kindOf(key) === 'ec') return 'P-256';
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return `${key.asymmetricKeyType} ${modulusLength ?? namedCurve ?? ''}`.trim();
}

export function usesInWords(certificate: Certificate): string {
  if (certificate.isCa) return 'issuer of certificates';
  return usesOf(certificate).join(', ') || 'none that Ketenpost knows';
}
