/** Proves who signed something that came in by a door: used for messages, receipts and tickets. */
import type { Certificate } from '../certs/certificate.ts';
import { verify } from '../certs/verify.ts';
import { fromUrn, type Oin, parseOinUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { type Agency, inForce, type Register } from './registry.ts';
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
  { jws, typ, peer, at }: { jws: string; typ: string; peer: Oin; at: number },
): Promise<Signed> {
  const { claims, certificate } = await verify(jws, typ, (x5t) =>
    registry.certificate(x5t, 'authenticiteit', at),
  );
  const signer = agencyNamedBy(claims, registry.agency);
  if (signer === undefined || certificate.oin !== signer.oin) throw new Refusal('issuer-mismatch');
  if (!actsFor(registry, peer, signer, at)) throw new Refusal('issuer-mismatch');
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

/**
 * Whether this peer may bring and collect for the agency: the agency itself, or who has its mandate
 * and takes part. Whoever is suspended must not go on under the name of another.
 */
export function actsFor(registry: Register, peer: Oin, agency: Agency, at: number): boolean {
  if (peer === agency.oin) return true;
  const holder = agency.mandaten.includes(peer) ? registry.agency(peer) : undefined;
  return holder !== undefined && holder.status === 'actief' && inForce(holder, at);
}
