/**
 * Exchange by folder, for systems that can only read and write files:
 *
 *   uit/        the agency puts a draft here, one JSON file a message (see taking-up.ts)
 *   verzonden/  how far each message from uit/ has come
 *   fout/       what could not be sent, with the problem beside it
 *   alarm/      urgent messages that wait too long, and what to do (see alarms.ts)
 *   termijn/    clocks of which the router reminded (see reminders.ts)
 *   raadpleging/  how consultations of ours ended (see summaries.ts)
 *   in/         received messages, opened; taking one away acknowledges it (see handing-down.ts)
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Loop, tryEach } from '../loop.ts';
import type { Rooms } from '../rooms.ts';
import { writeAlarms } from './folder/alarms.ts';
import { HandingDown } from './folder/handing-down.ts';
import { placesOf } from './folder/places.ts';
import { writeReminders } from './folder/reminders.ts';
import { writeSummaries } from './folder/summaries.ts';
import { TakingUp } from './folder/taking-up.ts';
import { tellStates } from './folder/tell-states.ts';

export interface FolderConfig {
  readonly path: string;
  readonly pollSeconds: number;
}

/** Makes the folders; what lies in them is worked on when the loop is started. */
export function openFolder(rooms: Rooms, config: FolderConfig): Loop {
  const places = placesOf(config.path);
  const { out, work, sent, faulty, in: down, alarm, terms, consultations } = places;
  for (const folder of [out, work, sent, faulty, down, alarm, terms, consultations]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  writeFileSync(places.marker, 'ketenpost\n', { mode: 0o600 });
  const takingUp = new TakingUp(rooms, places);
  const handingDown = new HandingDown(rooms, places);
  const steps = [
    () => takingUp.turn(),
    () => handingDown.turn(),
    ...[tellStates, writeAlarms, writeReminders, writeSummaries].map(
      (step) => () => step(rooms, places),
    ),
  ];
  return new Loop('folder', rooms.log, async () => {
    await tryEach(steps, (step) => step());
    return config.pollSeconds * 1000;
  });
}
