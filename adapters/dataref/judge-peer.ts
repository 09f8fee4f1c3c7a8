/**
 * Whose certificate is this, now: the register lists it for that agency, which is in force and not
 * suspended, and it is not revoked. Asked for both ends: who fetches, and from whom is fetched.
 */
import type { Certificate, Use } from '../../certs/certificate.ts';
import type { Clock } from '../../schemas/clock.ts';
import type { Oin } from '../../schemas/ids.ts';
import { dayOf } from '../../schemas/reference.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Directory, Entry } from '../directory.ts';

/** An entry of the register is believed for no longer: a suspension must be felt. */
const FRESH_MS = 5_000;

/** The rooms that are asked. */
export interface Bench {
  readonly directory: Pick<Directory, 'entry'>;
  readonly trust: {
    judge(certificate: Certificate, when: { use: Use; at: number; now: number }): void;
  };
  readonly clock: Clock;
}

/** The entry of an agency that may act now. @throws Refusal not-authorised; or as the directory does */
export async function entryInForce({ directory, clock }: Bench, oin: Oin): Promise<Entry> {
  const entry = await directory.entry(oin, FRESH_MS);
  const { status, van, tot } = entry.registration;
  const day = dayOf(clock.now());
  if (status === 'actief' && van <= day && (tot === undefined || day <= tot)) return entry;
  throw new Refusal('not-authorised', 'the agency is suspended, or not in force');
}

/**
 * @returns the entry of the agency that the certificate names
 * @throws Refusal certificate-…, revocation-unknown, not-authorised; or as the directory does
 */
export async function judgePeer(rooms: Bench, certificate: Certificate): Promise<Entry> {
  const { oin, x5t } = certificate;
  if (oin === undefined) throw new Refusal('certificate-unsuitable');
  const now = rooms.clock.now();
  rooms.trust.judge(certificate, { use: 'tls', at: now, now });
  const entry = await entryInForce(rooms, oin);
  const listed = entry.of('tls').find((one) => one.certificate.x5t === x5t);
  if (listed === undefined || now >= listed.until) throw new Refusal('certificate-unknown');
  return entry;
}
