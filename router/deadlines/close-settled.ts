import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import type { IdRecord } from '../ids.ts';
import type { Rooms } from '../rooms.ts';
import { keyOfMessage } from './message-key.ts';
import { planCopy } from './plan-copy.ts';

/** What was stated of a copy of which message. */
interface Stated {
  readonly message: { readonly sender: Oin; readonly jti: Uuid7 };
  readonly state: State;
}

/**
 * Closes the deadline of a message of which no copy needs watching any more. A courtesy that nobody
 * waits for: where it fails, the deadline finds nothing to do when it comes up, and closes then.
 */
export function closeWhenSettled(rooms: Rooms, fact: Stated): void {
  closeIfSettled(rooms, fact).catch(() => undefined);
}

async function closeIfSettled(rooms: Rooms, { message, state }: Stated): Promise<void> {
  const { sender, jti } = message;
  const record = await rooms.ids.find(sender, jti);
  if (record === undefined || record.verdict !== 'accepted') return;
  const at = rooms.clock.now();
  const isOnly = record.recipients.length === 1;
  const kept = isOnly ? [] : await rooms.receipts.of(sender, jti, record.recipients);
  const isDone = (recipient: Oin) =>
    needsNothing(
      rooms,
      record,
      isOnly ? [{ state, at }] : kept.filter(({ copy }) => copy === recipient),
    );
  if (record.recipients.every(isDone)) await rooms.deadlines.close(keyOfMessage(sender, jti));
}

function needsNothing(
  { clock, settings }: Rooms,
  { prio, exp }: IdRecord,
  stated: readonly { readonly state: State; readonly at: number }[],
): boolean {
  const now = clock.now();
  const copy = { prio, exp: exp * 1000, since: now, stated, raised: [] };
  const { act, next } = planCopy(copy, settings.alarm, now);
  return act === undefined && next === undefined;
}
