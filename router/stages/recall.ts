import type { Oin } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { IdRecord, Opened } from '../ids.ts';
import type { Proven } from '../journey.ts';
import type { Rooms } from '../rooms.ts';
import { Repeat } from '../verdicts.ts';
import { findWanting } from './find-wanting.ts';

/** A message that is known: its recipients are frozen, and some still want a copy. */
export interface Earlier {
  readonly record: Opened;
  readonly wanting: readonly Oin[];
}

/**
 * Says what is left to do of a message that is known.
 * @throws Refusal id-reused, when the id was another message's; Repeat, when nothing is left to do
 */
export async function recall(rooms: Rooms, message: Proven, record: IdRecord): Promise<Earlier> {
  if (record.dig !== message.dig) throw new Refusal('id-reused');
  if (record.verdict === 'refused') throw new Repeat(message, record);
  const wanting = await findWanting(rooms, message, record.recipients);
  const hasEnded = message.exp * 1000 <= rooms.clock.now();
  if (record.verdict === 'accepted' && (wanting.length === 0 || hasEnded)) {
    throw new Repeat(message, record);
  }
  return { record, wanting };
}
