import type { SealFor } from '../../certs/seal.ts';
import { sealAlgOf } from '../../certs/strength.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { type Agency, listed } from '../registry.ts';
import type { Rooms } from '../rooms.ts';

/** A recipient with a key that may be used now. */
export interface Addressee {
  readonly agency: Agency;
  readonly key: SealFor;
}

/** The newest key of an agency that may be sealed for now, in the way its registration asks for. */
export function pickKey({ trust }: Rooms, agency: Agency, now: number): SealFor | undefined {
  const certificate = listed(agency, 'vertrouwelijkheid', now).find((one) =>
    isTrusted(() => trust.judge(one, { use: 'vertrouwelijkheid', at: now, now })),
  );
  if (certificate === undefined) return undefined;
  return { certificate, alg: sealAlgOf(certificate.publicKey, agency.zegel) };
}

function isTrusted(judge: () => void): boolean {
  try {
    judge();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
