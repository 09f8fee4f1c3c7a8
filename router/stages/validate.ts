import type { Bericht } from '../../schemas/generated/wire.ts';
import { type Fault, Refusal } from '../../schemas/refusal.ts';
import { checkBody, checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';
import { type Left, leave } from './left.ts';
import type { Verified } from './verify.ts';

export type Validated = Left<
  'validated',
  Pick<Verified, 'journey' | 'jws' | 'at' | 'message' | 'sender' | 'earlier'> & { claims: Bericht }
>;

/**
 * Checks the envelope and the body against the schemas of type and version, and tells every fault of
 * both at once. What is known already was found good before and is not judged by a newer schema.
 * @throws Refusal schema-invalid or type-unknown
 */
export function validate(_rooms: Rooms, verified: Verified): Validated {
  const claims = verified.claims as unknown as Bericht;
  if (verified.earlier === undefined) checkAll(claims);
  return leave<Validated>({ ...verified, claims });
}

function checkAll(claims: Bericht): void {
  const faults = faultsOf(() => checkWire('bericht', claims));
  const { berichttype, versie, inhoud } = claims;
  const hasBody = [berichttype, versie].every((one) => typeof one === 'string');
  if (hasBody && typeof inhoud === 'object' && inhoud !== null) {
    faults.push(...faultsOf(() => checkBody(berichttype, versie, claims)));
  }
  if (faults.length > 0) throw new Refusal('schema-invalid', undefined, faults);
}

/** @throws Refusal of another code than schema-invalid, unless nothing but a fault was found */
function faultsOf(check: () => unknown): Fault[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof Refusal && error.code === 'schema-invalid') return [...error.faults];
    throw error;
  }
}
