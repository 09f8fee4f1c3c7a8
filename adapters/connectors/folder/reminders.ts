/** Reminders of statutory clocks as files in termijn/: one a clock, written anew with each reminder. */
import { join } from 'node:path';
import type { Rooms } from '../../rooms.ts';
import type { ReminderRow } from '../../store/reminders.ts';
import { viewReminder } from '../../terms/view-reminder.ts';
import { writeWhole } from '../files.ts';
import type { Places } from './places.ts';

const fileNameOf = ({ term, sender, message }: ReminderRow): string =>
  `${[term, sender, message].join('-')}.json`;

export async function writeReminders({ store }: Rooms, places: Places): Promise<void> {
  for (const reminder of store.reminders.toWrite()) {
    const text = JSON.stringify(viewReminder(reminder), undefined, 2);
    writeWhole(join(places.terms, fileNameOf(reminder)), `${text}\n`);
    await store.write(() => store.reminders.written(reminder));
  }
}
