import { type Digest, type Oin, parseUuid7, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { checkWire } from '../../schemas/validate.ts';
import { PRIOS, type Prio } from '../bus/subjects.ts';
import type { Proven } from '../journey.ts';

/**
 * Reads strictly what says which message it is and until when; the rest is for validate.
 * @throws Refusal schema-invalid with every fault of the envelope, when these claims are not good:
 * such a message has no identity that a record could be kept of
 */
export function readIdentity(claims: Record<string, unknown>, sender: Oin, dig: Digest): Proven {
  const jti = uuid7(claims['jti']);
  const [iat, exp] = [time(claims['iat']), time(claims['exp'])];
  const prio = PRIOS.find((one) => one === claims['prio']);
  if (jti === undefined || iat === undefined || exp === undefined || prio === undefined) {
    checkWire('bericht', claims);
    throw new Refusal('malformed');
  }
  return {
    sender,
    jti,
    dig,
    prio: prio satisfies Prio,
    iat,
    exp,
    conversatie: uuid7(claims['conversatie']) ?? jti,
  };
}

function uuid7(value: unknown): Uuid7 | undefined {
  try {
    return parseUuid7(value);
  } catch {
    return undefined;
  }
}

/** Whole seconds, within the bounds of the wire schema. */
const time = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 4_102_444_800
    ? value
    : undefined;
