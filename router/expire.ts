import { digestOf } from '../certs/digest.ts';
import { type Oin, toUrn, type Uuid7 } from '../schemas/ids.ts';
import { STATES } from '../schemas/states.ts';
import type { Opened } from './ids.ts';
import { passOn } from './receipts/pass-on.ts';
import { stateFact } from './receipts/state.ts';
import type { Rooms } from './rooms.ts';

/** A copy of a message whose end has come. */
export interface Ended {
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly recipient: Oin;
  readonly record: Opened;
}

/**
 * States `onbestelbaar` to the sender of a copy that nobody collected before its end, and takes the
 * copy away; unless a receipt settled it after all. Whether the copy lies there or was lost makes no
 * difference: its sender is told that it was not delivered.
 */
export async function expire(rooms: Rooms, ended: Ended): Promise<void> {
  const { sender, jti, recipient, record } = ended;
  const giveUp = await rooms.turns.take(`${sender}.${jti}`);
  try {
    const place = { recipient, prio: record.prio, from: sender, id: jti };
    const receipts = await rooms.receipts.of(sender, jti, [recipient]);
    if (receipts.some((one) => STATES[one.state].settles))
      return await rooms.mailboxes.erase(place);
    // What was never accepted was never promised: only a copy that lies there is told of.
    if (record.verdict === 'intended' && !(await rooms.mailboxes.has(place))) return;
    await tell(rooms, ended);
  } finally {
    giveUp();
  }
}

async function tell(rooms: Rooms, { sender, jti, recipient, record }: Ended): Promise<void> {
  const { dig, prio, conversatie } = record;
  const code = 'not-collected';
  const { jws, jti: id } = await stateFact(rooms, sender, conversatie, {
    staat: 'onbestelbaar',
    afzender: toUrn(sender),
    bericht: jti,
    dig,
    code,
    ontvanger: toUrn(recipient),
  });
  await passOn(rooms, {
    message: { sender, jti, dig, prio },
    copy: recipient,
    state: 'onbestelbaar',
    code,
    receipt: { issuer: rooms.identity.oin, jti: id, jws, dig: digestOf(jws) },
  });
}
