/**
 * Watches over urgent messages: raises an alarm when one waits too long, and ends it when that is
 * over. Looks also whether a full disk has room again.
 */
import { endingOf } from './alarms/ending.ts';
import { type Patience, raiseOverdue } from './alarms/raise.ts';
import { Loop } from './loop.ts';
import type { Rooms } from './rooms.ts';

/** What is not seen at once is seen this much later. */
const EVERY_MS = 5_000;
const AT_ONCE = 1_000;

export const openWatching = (rooms: Rooms, patience: Patience): Loop =>
  new Loop(
    'watching',
    rooms.log,
    async () => {
      if (await hasRoom(rooms)) {
        await endWhatIsOver(rooms);
        await raiseOverdue(rooms, patience);
      }
      return EVERY_MS;
    },
    rooms.longestWaitMs,
  );

async function hasRoom({ store: { space } }: Rooms): Promise<boolean> {
  await space.probe().catch(() => undefined);
  return !space.full;
}

async function endWhatIsOver(rooms: Rooms): Promise<void> {
  const { store, clock, told, log, rings } = rooms;
  const over = store.alarms.open(AT_ONCE).flatMap((alarm) => {
    const ending = endingOf(rooms, alarm);
    return ending === undefined ? [] : [{ alarm, ending }];
  });
  if (over.length === 0) return;
  await store.write(() => {
    for (const { alarm, ending } of over) store.alarms.end(alarm.id, clock.now(), ending, told);
  });
  for (const { alarm, ending } of over) {
    const { sender: afzender, message: bericht, kind: soort } = alarm;
    log.info({ soort, afzender, bericht, staat: ending }, 'an alarm is over');
  }
  rings.alarms();
}
