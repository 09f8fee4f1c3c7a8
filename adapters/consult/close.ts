/** Withdraws what was asked from those who have neither answered nor rejected it: they need not any more. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { post } from '../outlet.ts';
import type { Rooms } from '../rooms.ts';
import { noteAction } from '../settle.ts';
import type { OutboxRow } from '../store/outbox.ts';
import { claimsOf } from './claims.ts';
import { findStand, mayBeWithdrawn } from './stand.ts';

export interface Closing {
  readonly medewerker: string;
  /** A code of the list redenenIntrekking. */
  readonly reden?: string;
  readonly toelichting?: string;
}

export interface Withdrawn {
  readonly bericht: Uuid7;
  readonly vraag: Uuid7;
  readonly van: readonly Oin[];
}

const NO_LONGER = { reden: 'anders', toelichting: 'Het antwoord is niet meer nodig.' };

/**
 * One withdrawal for each question that somebody has not answered.
 * @returns what was withdrawn from whom
 * @throws Refusal not-found; state-conflict when nothing is open; schema-invalid
 */
export async function closeConsultation(
  rooms: Rooms,
  conversation: string,
  given: Closing,
): Promise<readonly Withdrawn[]> {
  const stand = findStand(rooms, conversation);
  const open = stand.questions.flatMap((question) => {
    const own = stand.asked.filter((one) => one.question.jti === question.jti);
    const from = own.filter(mayBeWithdrawn).map(({ partner }) => partner);
    return from.length === 0 ? [] : [{ question, from }];
  });
  if (open.length === 0) {
    throw new Refusal(
      'state-conflict',
      'nothing is open: all have answered or rejected it, or need not any more',
    );
  }
  const done: Withdrawn[] = [];
  for (const { question, from } of open) done.push(await withdraw(rooms, question, from, given));
  return done;
}

async function withdraw(
  rooms: Rooms,
  { jti, type, version, conversation }: OutboxRow,
  from: readonly Oin[],
  { medewerker, reden, toelichting }: Closing,
): Promise<Withdrawn> {
  const first = claimsOf(rooms, jti);
  if (first === undefined) throw new Refusal('destroyed');
  const inhoud =
    reden === undefined && toelichting === undefined
      ? NO_LONGER
      : { reden: reden ?? NO_LONGER.reden, ...(toelichting !== undefined && { toelichting }) };
  const { bericht } = await post(rooms, {
    ...{ berichttype: type, versie: version, aan: from, grondslag: first.grondslag },
    ...{ prio: 'spoed', trektIn: jti, conversatie: conversation, inhoud },
    ...(first.zaak !== undefined && { zaak: first.zaak }),
  });
  await rooms.store.write(() =>
    noteAction(rooms, { sender: rooms.oin, jti }, 'raadpleging-gesloten', { medewerker }),
  );
  return { bericht, vraag: jti, van: from };
}
