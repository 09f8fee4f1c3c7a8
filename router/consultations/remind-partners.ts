import type { Herinnering } from '../../schemas/generated/wire.ts';
import { type Oin, toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Consultation, ConsultationName, Question } from '../consultations.ts';
import type { Rooms } from '../rooms.ts';
import { idOfWord, tell } from '../tell.ts';
import { momentsOf } from './clock.ts';
import { countAccepted } from './count-accepted.ts';
import { openQuestions, partnersOf } from './look.ts';
import { tellLedger } from './tell-ledger.ts';

interface Owing {
  readonly partner: Oin;
  /** The newest that it has not answered. */
  readonly question: Question;
}

/**
 * Reminds each partner that owes an answer to a question that was put before this moment, in one word.
 * @param step which moment of its clock has come, counted from one
 */
export async function remindPartners(
  rooms: Rooms,
  name: ConsultationName,
  consultation: Consultation,
  step: number,
): Promise<void> {
  const moment = momentsOf(consultation)[step - 1] ?? 0;
  const counted = await countAccepted(rooms, name, consultation);
  const owing = await findOwing(rooms, name, counted, moment);
  if (owing.length === 0) return;
  const partners = owing.map(({ partner }) => partner);
  await tellLedger(rooms, name, { handeling: 'herinnerd', partners });
  const { klok, aanvang, eind, ronde } = consultation;
  const { asker, conversatie } = name;
  for (const { partner, question } of owing) {
    const claims: Herinnering = {
      ...{ iss: toUrn(rooms.identity.oin), aud: toUrn(partner) },
      jti: idOfWord(['herinnering', asker, conversatie, ronde, step, partner], moment),
      iat: Math.floor(rooms.clock.now() / 1000),
      ...{ klok, soort: 'loopt', afzender: toUrn(asker), bericht: question.bericht },
      ...{ conversatie, aanvang, eind },
    };
    await tell(rooms, { kind: 'mededeling', typ: TYP.reminder, prio: 'spoed', claims });
  }
}

/** Who rejected its copy will not answer it, and is left alone. */
async function findOwing(
  { receipts }: Rooms,
  { asker }: ConsultationName,
  consultation: Consultation,
  moment: number,
): Promise<Owing[]> {
  const owing: Owing[] = [];
  for (const partner of partnersOf(consultation)) {
    const open = openQuestions(consultation, partner).filter(
      ({ gevraagd, onder }) => gevraagd < moment && onder === consultation.klokVan,
    );
    for (const question of open.reverse()) {
      const no = await receipts.find(asker, question.bericht, partner, 'afgewezen');
      if (no !== undefined) continue;
      owing.push({ partner, question });
      break;
    }
  }
  return owing;
}
