import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import type { IdRecord, Opened } from '../ids.ts';
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
  const { recipients } = record;
  const at = rooms.clock.now();
  const isDone =
    recipients.length === 1
      ? needsNothing(rooms, record, [{ state, at }])
      : await areAllDone(rooms, { sender, jti, record });
  if (isDone) await rooms.deadlines.close(keyOfMessage(sender, jti));
}

/** So many copies are looked up at a time. */
const AT_ONCE = 4;

/**
 * Looks until it finds one that is not done, in an order that nobody can foretell: of hundreds of copies
 * most receipts come while many are not, and to look at all of them each time would cost their square.
 */
async function areAllDone(
  rooms: Rooms,
  { sender, jti, record }: Stated['message'] & { record: Opened },
): Promise<boolean> {
  const left = shuffled(record.recipients);
  for (let some = left.splice(0, AT_ONCE); some.length > 0; some = left.splice(0, AT_ONCE)) {
    const kept = await rooms.receipts.of(sender, jti, some);
    const isDone = (recipient: Oin) =>
      needsNothing(
        rooms,
        record,
        kept.filter(({ copy }) => copy === recipient),
      );
    if (!some.every(isDone)) return false;
  }
  return true;
}

function shuffled<T>(values: readonly T[]): T[] {
  const all = values.map((value) => ({ value, at: Math.random() }));
  return all.sort((a, b) => a.at - b.at).map(({ value }) => value);
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
