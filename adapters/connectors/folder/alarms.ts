/** Alarms as files in alarm/, each written again when it is seen or over: its `staat` tells which. */
import { join } from 'node:path';
import { viewAlarm } from '../../alarm-view.ts';
import type { Rooms } from '../../rooms.ts';
import type { AlarmRow } from '../../store/alarms.ts';
import { writeWhole } from '../files.ts';
import type { Places } from './places.ts';

const fileNameOf = ({ kind, sender, message, recipient }: AlarmRow): string =>
  `${[kind, sender, message, ...(recipient ? [recipient] : [])].join('-')}.json`;

export async function writeAlarms(rooms: Rooms, places: Places): Promise<void> {
  const { store } = rooms;
  for (const alarm of store.alarms.toWrite()) {
    const text = JSON.stringify(viewAlarm(rooms, alarm), undefined, 2);
    writeWhole(join(places.alarm, fileNameOf(alarm)), `${text}\n`);
    await store.write(() => store.alarms.written(alarm));
  }
}
