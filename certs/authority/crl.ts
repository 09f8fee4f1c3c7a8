import type { KeyObject } from 'node:crypto';
import { OID } from '../profile.ts';
import { enumerated, fromDer, integer, sequence, small, tagged, time } from './asn1.ts';
import { signatureAlgorithm, signed } from './build.ts';
import { authorityKeyIdentifier, extension } from './extensions.ts';

/** Why a certificate was revoked (RFC 5280 §5.3.1). */
export const REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
} as const;
export type Reason = keyof typeof REASONS;

export interface Revocation {
  /** Hex. */
  readonly serial: string;
  readonly at: number;
  readonly reason: Reason;
}

export interface CrlSpec {
  /** The issuer's subject in DER. */
  readonly issuer: Uint8Array;
  readonly issuerKey: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly number: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revoked: readonly Revocation[];
}

/** A full CRL of version 2 (RFC 5280 §5.1). @returns DER */
export function buildCrl(spec: CrlSpec): Promise<Buffer> {
  const entries = spec.revoked.map(({ serial, at, reason }) =>
    sequence(
      integer(serial),
      time(at),
      sequence(extension(OID.reasonCode, false, enumerated(REASONS[reason]))),
    ),
  );
  const tbs = sequence(
    small(1),
    signatureAlgorithm(),
    fromDer(spec.issuer),
    time(spec.thisUpdate),
    time(spec.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    tagged(
      0,
      sequence(
        authorityKeyIdentifier(spec.issuerKey.publicKey),
        extension(OID.crlNumber, false, small(spec.number)),
      ),
    ),
  );
  return signed(tbs, spec.issuerKey.privateKey);
}
