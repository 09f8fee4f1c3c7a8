import type { Story } from '../deadletters.ts';
import type { Journey } from '../journey.ts';
import type { Rooms } from '../rooms.ts';

/** Puts the submission of a journey aside. The same one on the same pile is there once. @throws BusFault */
export async function park(
  { deadletters, metrics }: Pick<Rooms, 'deadletters' | 'metrics'>,
  { message, peer, prio, stage, jwe }: Journey,
  why: Pick<Story, 'pile' | 'cause' | 'attempts'>,
): Promise<void> {
  const about = { sender: message?.sender, jti: message?.jti, peer, prio, stage };
  await deadletters.park({ ...about, ...why }, jwe);
  metrics.countParked(why.pile);
}
