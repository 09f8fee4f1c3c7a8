import type { Next } from '../deadlines/keeper.ts';
import type { Deadline } from '../deadlines.ts';
import type { Rooms } from '../rooms.ts';
import { END, momentsOf, stepAt } from './clock.ts';
import { readConsultationKey } from './consultation-key.ts';
import { remindPartners } from './remind-partners.ts';
import { sumUp } from './sum-up.ts';

/**
 * A moment of a consultation has come: partners are reminded, or the asker gets the summary, or it is
 * forgotten. Moments that passed while no pipeline ran are said in one word: the last.
 */
export async function keepConsultation(rooms: Rooms, { key, data }: Deadline): Promise<Next> {
  const name = readConsultationKey(key);
  const found = await rooms.consultations.find(name);
  if (found === undefined) return 'done';
  const { ronde } = found;
  const said = data['ronde'] === ronde ? Number(data['stap']) : 0;
  const moments = momentsOf(found);
  const step = stepAt(found, rooms.clock.now());
  if (step >= END && said < END) await sumUp(rooms, name);
  else if (step > said && step < END) await remindPartners(rooms, name, found, step);
  if (step >= moments.length) {
    await rooms.consultations.remove(name);
    return 'done';
  }
  return { due: moments[step] ?? 0, data: { ronde, stap: step } };
}
