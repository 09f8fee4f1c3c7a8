import type { Code } from '../../schemas/codes.ts';
import type { Digest, Oin, Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { contradictionsOf, STATES, type State } from '../../schemas/states.ts';
import type { Prio } from '../bus/subjects.ts';
import { closeWhenSettled } from '../deadlines/close-settled.ts';
import { OtherItem } from '../mailboxes.ts';
import { MOST_ANEW } from '../receipts.ts';
import type { Rooms } from '../rooms.ts';
import { moveClocks } from '../terms/move-clocks.ts';

/** A fact about one copy, and the receipt that states it. */
export interface Fact {
  readonly message: {
    readonly sender: Oin;
    readonly jti: Uuid7;
    readonly dig: Digest;
    readonly prio: Prio;
  };
  /** Whose copy it is about. */
  readonly copy: Oin;
  readonly state: State;
  readonly code: Code | undefined;
  /** When a recipient says to have stated it, milliseconds since 1970. */
  readonly stated?: number;
  readonly receipt: {
    readonly issuer: Oin;
    readonly jti: Uuid7;
    readonly jws: string;
    readonly dig: Digest;
  };
}

/**
 * Records a fact, passes its receipt on to the sender byte for byte, and takes away the copy that
 * has served its purpose; in that order, so that after a fall in between the same receipt, offered
 * again, does the rest. Nothing is ever stated about a receipt.
 */
export async function passOn(rooms: Rooms, fact: Fact): Promise<void> {
  const { message, copy, state, receipt } = fact;
  const { sender, jti } = message;
  const { settles, erases } = STATES[state];
  const isNews = !(await isKept(rooms, fact));
  if (isNews) {
    const isFlagged = await contradicts(rooms, fact);
    await record(rooms, fact, isFlagged);
    await forward(rooms, fact);
    await moveClocks(rooms, fact);
    if (settles) await rooms.receipts.keep(sender, jti, copy, state, receipt.jws);
    // Another pipeline may have taken the contrary at the same time: whoever looks last sees both.
    if (!isFlagged && (await contradicts(rooms, fact))) await record(rooms, fact, true);
    rooms.mailboxes.announce(sender);
  }
  // An old word that its copy could not be read says nothing of the copy that was sealed since.
  if (erases && (isNews || settles)) {
    await rooms.mailboxes.erase({ recipient: copy, prio: message.prio, from: sender, id: jti });
  }
  // For the same reason it is kept last: once it is, it takes no copy away any more.
  if (isNews && !settles) await rooms.receipts.add(sender, jti, copy, state, receipt.jws);
  if (settles) closeWhenSettled(rooms, fact);
}

/**
 * Of what settles a copy the first word stands; what asks for a new offer can be said of each, and after
 * so many times its sender has heard it: a recipient must not fill the mailbox of another.
 */
async function isKept({ receipts }: Rooms, { message, copy, state, receipt }: Fact) {
  const { sender, jti } = message;
  if (STATES[state].settles) {
    return (await receipts.find(sender, jti, copy, state)) !== undefined;
  }
  const kept = await receipts.all(sender, jti, copy, state);
  return kept.length >= MOST_ANEW || kept.includes(receipt.jws);
}

/** Whether what cannot be true beside it was stated before: both are kept, and the ledger says so. */
async function contradicts({ receipts }: Rooms, { message, copy, state }: Fact): Promise<boolean> {
  const others = contradictionsOf(state).map((other) =>
    receipts.find(message.sender, message.jti, copy, other),
  );
  return (await Promise.all(others)).some((other) => other !== undefined);
}

async function record({ ledger }: Rooms, fact: Fact, contradicts: boolean): Promise<void> {
  const { message, copy, state, code, receipt } = fact;
  await ledger.append({
    kind: 'ontvangstbewijs',
    afzender: message.sender,
    bericht: message.jti,
    dig: message.dig,
    ontvanger: copy,
    staat: state,
    ontvangstbewijs: receipt.dig,
    code,
    ...(contradicts && { strijdig: true }),
  });
}

/** Into the mailbox of the sender, in the lane of the message. */
async function forward({ mailboxes }: Rooms, { message, receipt }: Fact): Promise<void> {
  const { issuer: from, jti: id, dig } = receipt;
  const label = { recipient: message.sender, prio: message.prio, from, id, dig };
  try {
    await mailboxes.store({ ...label, kind: 'ontvangstbewijs' }, receipt.jws);
  } catch (error) {
    if (!(error instanceof OtherItem)) throw error;
    throw new Refusal('receipt-invalid', 'its jti is that of another receipt');
  }
}
