/** Proves who signed something that came in by a door: used for messages, receipts and tickets. */
import type { Certificate } from '../certs/certificate.ts';
import { verify } from '../certs/verify.ts';
import { fromUrn, type Oin, parseOinUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { Agency } from './registry.ts';
import type { Rooms } from './rooms.ts';

export interface Signed {
  readonly claims: Record<string, unknown>;
  /** Its trust is not judged yet. */
  readonly certificate: Certificate;
  readonly signer: Agency;
}

/**
 * Checks that the bytes were signed with a registered certificate for authenticity of the agency
 * that `iss` names, and that the peer is this agency or has its mandate. The door's word for who the
 * peer is can only narrow what is accepted here, never widen it.
 * @throws Refusal malformed, algorithm-not-allowed, certificate-unknown, signature-invalid or
 * issuer-mismatch
 */
export async function proveSigner(
  { registry }: Rooms,
  given: { jws: string; typ: string; peer: Oin; at: number },
): Promise<Signed> {
  const { claims, certificate } = await verify(given.jws, given.typ, (x5t) =>
    registry.certificate(x5t, 'authenticiteit', given.at),
  );
  const signer = agencyNamedBy(claims, registry.agency);
  if (signer === undefined || certificate.oin !== signer.oin || !actsFor(given.peer, signer)) {
    throw new Refusal('issuer-mismatch');
  }
  return { claims, certificate, signer };
}

function agencyNamedBy(
  { iss }: Record<string, unknown>,
  find: (oin: Oin) => Agency | undefined,
): Agency | undefined {
  try {
    return find(fromUrn(parseOinUrn(iss)));
  } catch {
    return undefined;
  }
}

/** Whether this peer may bring and collect for the agency. */
export const actsFor = (peer: Oin, agency: Agency): boolean =>
  peer === agency.oin || agency.mandaten.includes(peer);
