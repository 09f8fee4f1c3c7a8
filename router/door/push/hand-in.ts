import { type Oin, toNoteId } from '../../../schemas/ids.ts';
import type { Prio } from '../../bus/subjects.ts';
import type { Log } from '../../log.ts';
import type { Piece } from '../../questions.ts';
import type { Inquiries } from '../inquiries.ts';
import { Declined } from '../problems.ts';

interface Mailbox {
  readonly inquiries: Pick<Inquiries, 'ask'>;
  readonly postbus: Oin;
  readonly prio: Prio;
  readonly log: Log;
}

/** `delivered`: it has left the mailbox. `taken`: it was taken, and the word for it is still owed. */
export type Said = 'delivered' | 'taken' | 'receipt-refused';

/**
 * Gives the pipeline what the endpoint answered, which judges it: the receipt of a delivery, the
 * ticket that names it for anything else. What cannot be given now is asked of the endpoint again.
 */
export async function handIn(
  { inquiries, postbus, prio, log }: Mailbox,
  piece: Piece,
  said: string | undefined,
): Promise<Said> {
  if (said === undefined) return 'taken';
  const ask = { postbus, prio, maximum: 0 };
  try {
    if (piece.soort !== 'aflevering') {
      const { gezien } = await inquiries.ask('push', { ...ask, bewijs: said });
      if (gezien.includes(toNoteId(piece.afzender, piece.bericht))) return 'delivered';
      log.warn({ postbus }, 'the endpoint answered a ticket that does not name what was brought');
      return 'receipt-refused';
    }
    const { uitslagen } = await inquiries.ask('push', { ...ask, ontvangstbewijzen: [said] });
    const [uitslag] = uitslagen;
    if (uitslag?.aangenomen) return 'delivered';
    if (uitslag?.code === 'temporarily-unavailable') return 'taken';
    log.warn(
      { postbus, code: uitslag?.code },
      'the endpoint answered a receipt that does not count',
    );
    return 'receipt-refused';
  } catch (error) {
    if (!(error instanceof Declined)) return 'taken';
    log.warn({ postbus, code: error.problem.code }, 'what the endpoint answered does not count');
    return error.problem.opnieuw ? 'taken' : 'receipt-refused';
  }
}
