import { sign } from '../../certs/sign.ts';
import type { Feit, Ontvangstbewijs } from '../../schemas/generated/wire.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import type { Rooms } from '../rooms.ts';

/**
 * States a fact to the sender of a message, signed by the router.
 * @param txn the conversation of the message; absent when that is not known
 */
export async function stateFact(
  { clock, identity }: Rooms,
  to: Oin,
  txn: Uuid7 | undefined,
  fact: Feit,
): Promise<{ jti: Uuid7; jws: string }> {
  const now = clock.now();
  const jti = newUuid7(now);
  const claims: Ontvangstbewijs = {
    iss: toUrn(identity.oin),
    aud: toUrn(to),
    jti,
    iat: Math.floor(now / 1000),
    txn: txn ?? jti,
    events: { [RECEIPT_EVENT]: fact },
  };
  return { jti, jws: await sign(claims, TYP.receipt, identity.signing) };
}
