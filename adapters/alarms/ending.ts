/**
 * When an alarm is over: when the state that was waited for has come, or nobody need wait for it. A message that will never come
 * to it (refused, undeliverable, ended) keeps its alarm until a person has seen it.
 */
import type { Rooms } from '../rooms.ts';
import type { AlarmRow } from '../store/alarms.ts';
import { needlessBy } from './needless.ts';

const ARRIVED: ReadonlySet<string> = new Set(['afgeleverd', 'verwerkt', 'afgewezen']);
const TAKEN: ReadonlySet<string> = new Set(['verwerkt', 'afgewezen']);
const LOST: ReadonlySet<string> = new Set(['geweigerd', 'onbestelbaar', 'verlopen']);

type About = Pick<AlarmRow, 'sender' | 'message' | 'recipient' | 'kind' | 'seen'>;

/** Where the message of an alarm stands, as far as this agency knows. */
export function stateOf({ store, oin }: Rooms, about: About): string | undefined {
  const { sender, message, recipient } = about;
  if (sender !== oin) return store.inbox.get(sender, message)?.state;
  const copy = store.outbox.recipients(message).find((one) => one.oin === recipient);
  return copy?.state ?? store.outbox.get(message)?.state;
}

/** @returns what made it so; undefined while it is not over */
export function endingOf(rooms: Rooms, about: About): string | undefined {
  const state = stateOf(rooms, about);
  // Nothing is known of it here (yet): whoever has seen the alarm has telephoned.
  if (state === undefined) return about.seen === null ? undefined : 'gezien';
  const wanted = about.kind === 'niet-afgeleverd' ? ARRIVED : TAKEN;
  if (wanted.has(state)) return state;
  const needless = about.kind === 'niet-verwerkt' ? needlessBy(rooms, about) : undefined;
  if (needless !== undefined) return needless;
  // Now it is known for whom it is: each recipient has an alarm of its own.
  if (about.recipient === '' && rooms.store.outbox.recipients(about.message).length > 0)
    return state;
  return LOST.has(state) && about.seen !== null ? state : undefined;
}
