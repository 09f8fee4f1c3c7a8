/**
 * Takes a received message over, or rejects it: states `verwerkt` or `afgewezen`, and records who
 * did it. Once said it stands.
 */
import type { Code } from '../schemas/codes.ts';
import { newUuid7, type Oin } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { forgetRejected } from './radar.ts';
import type { Rooms } from './rooms.ts';
import { stateFact } from './state-fact.ts';
import type { Action, ActionDetail } from './store/actions.ts';
import type { InboxRow } from './store/inbox.ts';

export interface Settlement {
  readonly state: 'verwerkt' | 'afgewezen';
  /** What is recorded in the inbox, and by whom. */
  readonly action: Action;
  readonly by: ActionDetail;
  readonly code?: Code;
  readonly explanation?: string;
  readonly referral?: Oin;
}

/**
 * @returns whether this changed anything: the same again does not
 * @throws Refusal not-found, or state-conflict when the other has been said before
 */
export async function settle(
  rooms: Rooms,
  id: { readonly sender: string; readonly jti: string },
  settlement: Settlement,
): Promise<boolean> {
  const row = find(rooms, id);
  if (isSaid(row, settlement)) return false;
  const { state, code, explanation, referral } = settlement;
  const reply = await stateFact(rooms, {
    sender: row.sender,
    message: row.jti,
    conversation: row.conversation,
    digest: row.digest,
    state,
    ...(code !== undefined && { code }),
    ...(explanation !== undefined && { explanation }),
    ...(referral !== undefined && { referral }),
  });
  const { store, clock } = rooms;
  const changed = await store.write(() => {
    // Somebody may have been faster while the receipt was being signed.
    if (isSaid(find(rooms, id), settlement)) return false;
    store.inbox.move(row.sender, row.jti, state, clock.now());
    if (state === 'afgewezen') forgetRejected(store, row);
    store.replies.add(reply.row, reply.jws);
    noteAction(rooms, row, settlement.action, settlement.by);
    return true;
  });
  if (changed) rooms.rings.replies();
  return changed;
}

/** @throws Refusal not-found */
export function find({ store }: Rooms, { sender, jti }: { sender: string; jti: string }): InboxRow {
  const row = store.inbox.get(sender, jti);
  if (row === undefined) throw new Refusal('not-found', 'the inbox holds no such message');
  return row;
}

function isSaid(row: InboxRow, { state }: Settlement): boolean {
  if (row.state === 'afgeleverd') return false;
  if (row.state === state) return true;
  throw new Refusal('state-conflict', `the message has been settled before: ${row.state}`);
}

/** Records who did what. To be called inside `store.write`. */
export function noteAction(
  { store, clock }: Rooms,
  row: Pick<InboxRow, 'sender' | 'jti'>,
  action: Action,
  by: ActionDetail,
): void {
  const now = clock.now();
  store.actions.add(
    { id: newUuid7(now), sender: row.sender, message: row.jti, at: now, action },
    by,
  );
}
