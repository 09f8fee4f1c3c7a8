import type { ConsultationName } from '../consultations.ts';
import type { Rooms } from '../rooms.ts';
import { ofThisClock, openQuestions, partnersOf } from './look.ts';

/** What is open under the clock that runs and was rejected, as `bericht oin`: nobody waits for it. */
export async function findRejected(
  { consultations, receipts }: Rooms,
  name: ConsultationName,
): Promise<ReadonlySet<string>> {
  const rejected = new Set<string>();
  const found = await consultations.find(name);
  if (found === undefined) return rejected;
  const running = { ...found, vragen: ofThisClock(found) };
  for (const partner of partnersOf(running)) {
    for (const { bericht } of openQuestions(running, partner)) {
      const no = await receipts.find(name.asker, bericht, partner, 'afgewezen');
      if (no !== undefined) rejected.add(`${bericht} ${partner}`);
    }
  }
  return rejected;
}
