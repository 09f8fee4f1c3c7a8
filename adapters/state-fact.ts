/** Signs a receipt about a message that this agency received. It is stored before it is sent. */
import { digestOf } from '../certs/digest.ts';
import { sign } from '../certs/sign.ts';
import { readJws } from '../certs/verify.ts';
import { seconds } from '../schemas/clock.ts';
import type { Code } from '../schemas/codes.ts';
import type { Ontvangstbewijs } from '../schemas/generated/wire.ts';
import { type Digest, fromUrn, newUuid7, type Oin, toUrn, type Uuid7 } from '../schemas/ids.ts';
import type { State } from '../schemas/states.ts';
import { RECEIPT_EVENT, TYP } from '../schemas/typ.ts';
import { checkWire } from '../schemas/validate.ts';
import type { Rooms } from './rooms.ts';
import type { ReplyRow } from './store/replies.ts';

export interface Fact {
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly conversation: Uuid7;
  /** Of the JWS as received, or of the JWE when it could not be opened. */
  readonly digest: Digest;
  readonly state: State;
  readonly code?: Code;
  readonly explanation?: string;
  readonly referral?: Oin;
}

export interface Reply {
  readonly row: ReplyRow;
  readonly jws: string;
}

/**
 * The same fact in a new receipt, signed now: the certificate of the first has ended, or it was made
 * in what the router takes for the future.
 */
export function stateAnew(
  rooms: Pick<Rooms, 'oin' | 'clock' | 'identity'>,
  jws: string,
): Promise<Reply> {
  const { aud, txn, events } = checkWire('ontvangstbewijs', readJws(jws, TYP.receipt).claims);
  const { bericht, dig, staat, code, toelichting, doorverwijzing } = events[RECEIPT_EVENT];
  return stateFact(rooms, {
    sender: fromUrn(aud),
    message: bericht ?? txn,
    conversation: txn,
    ...{ digest: dig, state: staat },
    ...(code !== undefined && { code }),
    ...(toelichting !== undefined && { explanation: toelichting }),
    ...(doorverwijzing !== undefined && { referral: fromUrn(doorverwijzing) }),
  });
}

export async function stateFact(
  { oin, clock, identity }: Pick<Rooms, 'oin' | 'clock' | 'identity'>,
  fact: Fact,
): Promise<Reply> {
  const { sender, message, digest, state, code, explanation, referral } = fact;
  const claims: Ontvangstbewijs = {
    iss: toUrn(oin),
    aud: toUrn(sender),
    jti: newUuid7(clock.now()),
    iat: seconds(clock),
    txn: fact.conversation,
    events: {
      [RECEIPT_EVENT]: {
        staat: state,
        afzender: toUrn(sender),
        bericht: message,
        dig: digest,
        ontvanger: toUrn(oin),
        ...(code !== undefined && { code }),
        ...(explanation !== undefined && { toelichting: explanation }),
        ...(referral !== undefined && { doorverwijzing: toUrn(referral) }),
      },
    },
  };
  const jws = await sign(claims, TYP.receipt, identity.signing);
  const { jti, iat: stated } = claims;
  const row = { digest: digestOf(jws), jti, sender, message, copy: digest, state, stated };
  return { row: { ...row, code: code ?? null }, jws };
}
