/** The statutory clocks of this agency about the messages of a thread, as lines of time; ended or not. */
import { TERMS } from '../../schemas/terms.ts';
import type { Rooms } from '../rooms.ts';
import type { ThreadRow } from '../store/threads.ts';
import { type AgencyClock, clocksAmong } from '../terms/clocks.ts';
import type { ThreadEvent } from './event.ts';
import { notBefore } from './messages.ts';

/** @param messages with each message all that corrects it, as a thread has them */
export function clockEvents(rooms: Rooms, messages: readonly ThreadRow[]): ThreadEvent[] {
  const rows = messages
    .filter(({ side }) => side === 'in')
    .flatMap(({ sender, jti }) => rooms.store.inbox.get(sender, jti) ?? []);
  const arrived = new Map(rows.map(({ jti, received }) => [jti, received]));
  return clocksAmong(rooms, rows).flatMap((clock) =>
    eventsOf(rooms, clock, arrived.get(clock.message) ?? 0),
  );
}

function eventsOf(rooms: Rooms, clock: AgencyClock, received: number): ThreadEvent[] {
  const { term, message, begin, end, ended } = clock;
  const about = { bericht: message, klok: term, naam: TERMS[term].naam };
  const reminders = rooms.store.reminders
    .of(clock)
    .map(({ at }): ThreadEvent => ({ at, soort: 'termijn-herinnering', ...about }));
  const over: ThreadEvent[] =
    ended === undefined
      ? []
      : [{ at: ended.at, soort: 'termijn-beeindigd', ...about, oorzaak: ended.by }];
  // What was done in time has no end that anybody must look at.
  const due: ThreadEvent[] =
    ended !== undefined && ended.at <= end
      ? []
      : [{ at: end, soort: 'termijn-eind', ...about, verstreken: end <= rooms.clock.now() }];
  const from = notBefore(begin / 1000, { at: received });
  return [{ at: from, soort: 'termijn-begin', ...about }, ...reminders, ...over, ...due];
}
