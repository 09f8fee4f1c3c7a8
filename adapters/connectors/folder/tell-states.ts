/**
 * Tells the folder how far its messages have come: one file for each in verzonden/, written again at
 * each change. What failed for good also gets a problem in fout/.
 */
import { join } from 'node:path';
import { toProblem } from '../../../schemas/problem.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import type { Rooms } from '../../rooms.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import { type Track, trackOf } from '../../track.ts';
import { writeWhole } from '../files.ts';
import type { Places } from './places.ts';

const AT_ONCE = 100;

export async function tellStates(rooms: Rooms, places: Places): Promise<void> {
  const { outbox } = rooms.store;
  for (const row of outbox.untold(AT_ONCE)) {
    tell(rooms, places, row);
    await rooms.store.write(() => outbox.told(row));
  }
}

function tell(rooms: Rooms, places: Places, row: OutboxRow): void {
  const { file = `${row.jti}.json` } = rooms.store.outbox.content(row.jti) ?? {};
  const track = trackOf(rooms, row);
  writeWhole(join(places.sent, file), `${JSON.stringify(track, undefined, 2)}\n`);
  const problem = problemOf(track);
  if (problem === undefined) return;
  writeWhole(
    join(places.faulty, `${file}.problem.json`),
    `${JSON.stringify(problem, undefined, 2)}\n`,
  );
}

/** Why a message did not arrive, when that is certain. */
function problemOf(track: Track): unknown {
  if (track.staat === 'geweigerd') return track.probleem;
  const missed = track.ontvangers.some(({ staat }) => staat === 'onbestelbaar');
  if (track.staat === 'verlopen' || missed) return toProblem(new Refusal('not-collected'));
  const rejected = track.ontvangers.find(({ staat }) => staat === 'afgewezen');
  if (rejected === undefined) return undefined;
  const code = rejected.code === 'wrongly-addressed' ? 'wrongly-addressed' : 'not-processable';
  return toProblem(new Refusal(code));
}
