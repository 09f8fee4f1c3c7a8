/**
 * What dispatch notes of a message that is part of a consultation. A question is noted before its
 * copies, so that no answer ever comes before it; answers and withdrawals after theirs. All of it
 * may be done again: what is noted stays as it is, and its deadline is opened when it is not.
 */
import { readJws } from '../../certs/verify.ts';
import type { Bericht, Ontvangstbewijs } from '../../schemas/generated/wire.ts';
import type { Oin } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Change, ConsultationName } from '../consultations.ts';
import type { Answering } from '../ids.ts';
import type { Proven } from '../journey.ts';
import type { Rooms } from '../rooms.ts';
import {
  withAccepted,
  withAnswer,
  withoutAnswer,
  withoutQuestion,
  withQuestion,
} from './change.ts';
import { mustBeSummedUp } from './clock.ts';
import { findRejected } from './find-rejected.ts';
import { schedule } from './schedule.ts';
import { mayBeUnsaid, sumUp } from './sum-up.ts';
import { type Told, tellLedger } from './tell-ledger.ts';

/** A message as dispatch knows it: of its content nothing. */
export interface Noted {
  readonly message: Pick<Proven, 'sender' | 'jti' | 'conversatie'>;
  readonly matter: Pick<Bericht, 'berichttype'>;
  readonly relates: Pick<Bericht, 'verwijst' | 'vervangt' | 'trektIn'>;
  readonly consults: Pick<Bericht, 'raadpleging'>;
}

/** Its recipients, and whose questions it answers, as they were frozen. */
export interface Frozen {
  readonly recipients: readonly Oin[];
  readonly antwoord?: Answering;
}

/** Before the copies. */
export async function noteQuestion(rooms: Rooms, noted: Noted, { recipients }: Frozen) {
  const { raadpleging } = noted.consults;
  if (raadpleging === undefined) return;
  const { sender: asker, jti: bericht, conversatie } = noted.message;
  const { berichttype } = noted.matter;
  const name = { asker, conversatie };
  const gevraagd = rooms.clock.now();
  const found = await rooms.consultations.find(name);
  // Before a question begins a new clock, what the old one came to is said; also when a fall came after
  // it was summed up, and nobody knows whether it was.
  const isOver =
    found?.gesloten === undefined && found !== undefined && mustBeSummedUp(found, gevraagd);
  if (isOver || mayBeUnsaid(found)) await sumUp(rooms, name);
  const asked = { bericht, berichttype, aan: recipients, gevraagd, raadpleging };
  const handeling = found === undefined ? 'geopend' : 'gevraagd';
  const event = { handeling, bericht, berichttype, partners: recipients };
  await note(rooms, name, event, (before) => withQuestion(before, asked));
}

/**
 * After the acceptance, for one that came after the summary: that left the question out.
 * @param receipt `aanvaard`, as it is stored
 */
export async function noteAccepted(rooms: Rooms, { message, consults }: Noted, receipt: string) {
  if (consults.raadpleging === undefined) return;
  const { sender: asker, jti: bericht, conversatie } = message;
  const { iat } = readJws(receipt, TYP.receipt).claims as unknown as Ontvangstbewijs;
  // It says whole seconds: a summary in the same one may have left it out.
  const question = { bericht, accepted: (iat + 1) * 1000 };
  await note(rooms, { asker, conversatie }, undefined, (found) =>
    withAccepted(found, question, rooms.clock.now()),
  );
}

/** After the copies. */
export async function noteReply(rooms: Rooms, noted: Noted, frozen: Frozen): Promise<void> {
  const { sender, conversatie } = noted.message;
  const { trektIn, vervangt } = noted.relates;
  const { antwoord, recipients } = frozen;
  if (antwoord !== undefined) await noteAnswer(rooms, noted, antwoord);
  const bericht = trektIn ?? vervangt;
  if (bericht === undefined) return;
  const withdrawal = { by: sender, bericht, to: recipients, at: rooms.clock.now() };
  const event = { handeling: 'ingetrokken', bericht, partners: recipients };
  const own = { asker: sender, conversatie };
  const rejected = await findRejected(rooms, own);
  await note(rooms, own, event, (found) => withoutQuestion(found, { ...withdrawal, rejected }));
  if (trektIn === undefined) return;
  for (const asker of recipients) {
    const theirs = { ...event, partners: [sender] };
    await note(rooms, { asker, conversatie }, theirs, (found) => withoutAnswer(found, withdrawal));
  }
}

async function noteAnswer(rooms: Rooms, { message, matter, relates }: Noted, answer: Answering) {
  const { sender: partner, jti: bericht, conversatie } = message;
  const { berichttype } = matter;
  const { verwijst: vraag } = relates;
  if (vraag === undefined) return;
  for (const asker of answer.vragers) {
    const teLaat = answer.teLaat.includes(asker);
    const given = { partner, vraag, bericht, berichttype, gegeven: answer.gegeven, teLaat };
    const event = { handeling: 'beantwoord', bericht, berichttype, partners: [partner], teLaat };
    await note(rooms, { asker, conversatie }, event, (found) =>
      withAnswer(found, given, rooms.clock.now()),
    );
  }
}

/** The ledger first: what is in the record is in the ledger. */
async function note(
  rooms: Rooms,
  name: ConsultationName,
  event: Told | undefined,
  how: Change,
): Promise<void> {
  let stands = await rooms.consultations.find(name);
  const after = how(stands);
  if (after !== undefined) {
    const isLeftOut = after.onvolledig === true && stands?.onvolledig === undefined;
    if (event !== undefined && !isLeftOut) await tellLedger(rooms, name, event);
    stands = await rooms.consultations.change(name, how);
    if (isLeftOut) rooms.log.warn({ ...name }, 'more is asked or answered than is counted');
  }
  // Also when it is noted already: the fall may have come after that.
  if (stands !== undefined) await schedule(rooms, name, stands);
}
