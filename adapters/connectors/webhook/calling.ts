/** What both webhooks do: tell a system of the agency all that is due, at once, and wait until the next is. */
import { Loop } from '../../loop.ts';
import type { Rooms } from '../../rooms.ts';
import { waitOf } from '../../schedule.ts';
import type { Prio } from '../../store/outbox.ts';
import { Caller, type Outcome, type WebhookConfig } from './call.ts';

export interface Calling<T> {
  /** Of the loop, in the log. */
  readonly name: string;
  readonly connections: number;
  /** What is to be told by now, in milliseconds since 1970; each `tell` must change that. */
  due(now: number): readonly T[];
  /** When the next is due after now. */
  soonest(now: number): number | null;
  /** Makes the call, and notes what came of it. */
  tell(one: T, caller: Caller): Promise<void>;
}

export function openCalling<T>(rooms: Rooms, config: WebhookConfig, calling: Calling<T>) {
  const { log, longestWaitMs } = rooms;
  const caller = new Caller(rooms, config, calling.connections);
  const loop = new Loop(calling.name, log, () => turn(rooms, calling, caller), longestWaitMs);
  return {
    start: () => loop.start(),
    ring: () => loop.ring(),
    async stop() {
      await loop.stop();
      await caller.close();
    },
  };
}

async function turn<T>({ clock }: Rooms, calling: Calling<T>, caller: Caller) {
  const due = calling.due(clock.now());
  const told = await Promise.allSettled(due.map((one) => calling.tell(one, caller)));
  // When all are told: what is still under way would be told again by the next turn.
  for (const one of told) if (one.status === 'rejected') throw one.reason;
  if (due.length > 0) return 0;
  const now = clock.now();
  const soonest = calling.soonest(now);
  return soonest === null ? null : soonest - now;
}

/** When to call again, milliseconds since 1970: later at each attempt, and not before the system wants it. */
export function againAt(
  rooms: Rooms,
  one: { readonly prio: Prio; readonly attempts: number },
  { afterMs }: Extract<Outcome, { kind: 'later' }>,
): number {
  return rooms.clock.now() + Math.max(waitOf(rooms, 'handover', one.prio, one.attempts), afterMs);
}
