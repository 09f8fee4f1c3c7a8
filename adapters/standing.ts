/** Where a sent message stands, worked out from its receipts: the same whatever the order in which they came. */
import { SENT } from '../schemas/sent.ts';
import { STATES, type State, standing } from '../schemas/states.ts';
import type { Rooms } from './rooms.ts';
import { nextLook, nextQuestion, waitOf } from './schedule.ts';
import type { OutboxRow, OutboxState, Progress, Recipient } from './store/outbox.ts';
import type { ReceiptRow } from './store/receipts.ts';

/** Where the copy of one recipient stands, and since when (milliseconds, as stated). */
export function standingOf(
  oin: string,
  receipts: readonly ReceiptRow[],
): { state: State; at: number } | undefined {
  const own = receipts.filter((one) => one.counted === 1 && one.recipient === oin);
  const state = standing(own.map((one) => one.state));
  if (state === undefined) return undefined;
  const first = Math.min(...own.filter((one) => one.state === state).map((one) => one.stated));
  return { state, at: first * 1000 };
}

/** No word can follow: there is nothing left to ask. */
const isFinal = ({ state }: Recipient): boolean =>
  state !== null && STATES[state].next.length === 0;

/** A recipient has answered for a message whose acceptance never came: it is to be asked for. */
const isOvertaken = (receipts: readonly ReceiptRow[]): boolean =>
  receipts.some((one) => one.counted === 0);

const settled = ({ state }: Recipient): boolean => state !== null && STATES[state].settles;

/** The state of the message as a whole. */
export function stateOf(
  row: Pick<OutboxRow, 'state'>,
  recipients: readonly Recipient[],
  receipts: readonly ReceiptRow[],
): OutboxState {
  if (recipients.length > 0) {
    if (recipients.every(settled)) return 'afgerond';
    return row.state === 'verlopen' ? 'verlopen' : 'aanvaard';
  }
  const refused = receipts.some((one) => one.counted === 1 && one.state === 'geweigerd');
  return refused ? 'geweigerd' : row.state;
}

/** What is known of a message beside its own row. */
export interface Known {
  readonly recipients: readonly Recipient[];
  readonly receipts: readonly ReceiptRow[];
}

/** Brings a message to where its receipts put it. To be called inside `store.write`. */
export function restate(
  { store: { outbox }, longestWaitMs }: Pick<Rooms, 'store' | 'longestWaitMs'>,
  message: string,
  { recipients: before, receipts }: Known,
  now: number,
): void {
  const row = outbox.get(message);
  if (row === undefined) return;
  const recipients = before.map((one) => {
    const found = standingOf(one.oin, receipts);
    if (found === undefined || found.state === one.state) return one;
    outbox.stand(message, one.oin, found.state, found.at);
    return { ...one, ...found };
  });
  const state = stateOf(row, recipients, receipts);
  const wait = (step: number) =>
    waitOf(longestWaitMs === undefined ? {} : { longestWaitMs }, 'confirm', row.prio, step);
  outbox.progress(message, progressTo(row, state, { recipients, receipts }, now, wait));
}

function progressTo(
  row: OutboxRow,
  state: OutboxState,
  { recipients, receipts }: Known,
  now: number,
  wait: (step: number) => number,
): Progress {
  const { attempts, lastCode } = row;
  const moved = state !== row.state;
  const next = { state, changed: now, attempts, lastCode };
  if (state === 'geweigerd')
    return { ...next, step: 0, nextAt: isOvertaken(receipts) ? now : null };
  if (state === 'afgerond') {
    if (recipients.every(isFinal)) return { ...next, step: 0, nextAt: null };
    if (!moved) return { ...next, step: row.step, nextAt: row.nextAt };
    return { ...next, step: 1, nextAt: nextQuestion({ ...row, state }, now, 0) };
  }
  const unreadable = recipients.some((one) => one.state === 'onleesbaar');
  if (!SENT[state].offers || (!moved && !unreadable))
    return { ...next, step: row.step, nextAt: row.nextAt };
  // A new phase begins its own back-off; an unreadable copy is sealed anew soon, not at once for ever.
  const step = moved ? 0 : row.step;
  const at = nextLook({ ...row, state }, now, wait(step));
  return { ...next, step, nextAt: moved ? at : Math.min(at, row.nextAt ?? at) };
}
