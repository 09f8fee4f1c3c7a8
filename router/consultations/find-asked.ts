import { ANSWERS } from '../../schemas/consultation.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import type { Oin } from '../../schemas/ids.ts';
import type { Answering, Opened } from '../ids.ts';
import type { Proven } from '../journey.ts';
import type { Rooms } from '../rooms.ts';
import { questionTo } from './look.ts';

interface Offered {
  readonly message: Pick<Proven, 'sender' | 'conversatie'>;
  readonly claims: Pick<Bericht, 'berichttype' | 'verwijst' | 'trektIn'>;
  readonly recipients: readonly Oin[];
  readonly earlier: { readonly record: Opened } | undefined;
}

/**
 * Which of the recipients asked what this answers, and for whom it comes after the end. Of a message
 * that is known that was frozen with its recipients: the mark on a copy never differs from the record.
 */
export async function findAsked(
  rooms: Rooms,
  { message, claims, recipients, earlier }: Offered,
): Promise<Answering | undefined> {
  if (earlier !== undefined) return earlier.record.antwoord;
  const { berichttype, verwijst, trektIn } = claims;
  if (!ANSWERS.has(berichttype) || verwijst === undefined || trektIn !== undefined)
    return undefined;
  const { sender, conversatie } = message;
  const ends = new Map<Oin, number>();
  for (const asker of recipients) {
    const found = await rooms.consultations.find({ asker, conversatie });
    const question = found && questionTo(found, verwijst, sender);
    if (question !== undefined) ends.set(asker, question.eind * 1000);
  }
  if (ends.size === 0) return undefined;
  const gegeven = rooms.clock.now();
  const vragers = [...ends.keys()];
  return { gegeven, vragers, teLaat: vragers.filter((one) => gegeven >= (ends.get(one) ?? 0)) };
}
