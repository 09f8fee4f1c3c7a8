import { DEATHS_TO_PARK } from '../deadletters/piles.ts';
import type { Journey } from '../journey.ts';
import type { Rooms } from '../rooms.ts';
import { Deadly } from '../verdicts.ts';

/**
 * Notes that the message is under work. One on which a pipeline died is worked on while no other such
 * is, so that a next death tells which it was.
 * @throws Deadly, when it has taken enough of them
 */
export async function takeUp({ underWork, turns }: Rooms, journey: Journey): Promise<void> {
  const deaths = underWork.deaths(journey.key);
  if (deaths >= DEATHS_TO_PARK && !journey.redriven) throw new Deadly(deaths);
  if (deaths > 0) journey.hold(await turns.take('deadly'));
  journey.hold(underWork.begin(journey.key));
}
