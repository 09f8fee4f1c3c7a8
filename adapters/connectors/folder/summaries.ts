/** Summaries of consultations as files in raadpleging/: one a consultation, as the router signed it at its end. */
import { join } from 'node:path';
import { viewSummary } from '../../consult/view-summary.ts';
import type { Rooms } from '../../rooms.ts';
import { writeWhole } from '../files.ts';
import type { Places } from './places.ts';

export async function writeSummaries({ store }: Rooms, places: Places): Promise<void> {
  for (const summary of store.summaries.toWrite()) {
    const text = JSON.stringify(viewSummary(summary), undefined, 2);
    writeWhole(join(places.consultations, `${summary.conversation}.json`), `${text}\n`);
    await store.write(() => store.summaries.written(summary));
  }
}
