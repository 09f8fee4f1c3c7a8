/** Opens a consultation: a question to several partners at once, under one clock; and asks more of those who know the person. */
import { seconds } from '../../schemas/clock.ts';
import type { Bericht, Raadpleging } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import type { DraftClock } from '../send/clock.ts';
import { claimsOf } from './claims.ts';
import { isKnownBy } from './known.ts';
import { type Asking, putQuestion, type Question } from './put-question.ts';
import { findStand, type Stand, toClaim } from './stand.ts';

export interface Opening extends Asking {
  readonly aan: readonly Oin[];
  readonly grondslag: string;
  readonly klok: Raadpleging['klok'];
  /** Of the arrest; with the clock `vrij` it may be absent: now. */
  readonly aanvang?: string;
  /** By the law when absent. */
  readonly eind?: string;
  readonly zaak?: Uuid;
}

export interface FollowUp extends Asking {
  /** Those who said that the person is known, when absent. */
  readonly aan?: readonly Oin[];
  readonly grondslag?: string;
}

/** @throws Refusal as when a question is put (put-question.ts) */
export function openConsultation(rooms: Rooms, given: Opening): Promise<Question> {
  const { klok, aanvang, eind, aan, grondslag, zaak } = given;
  const begin = aanvang ?? (klok === 'vrij' ? instant(seconds(rooms.clock) * 1000) : undefined);
  const raadpleging = { klok, aanvang: begin, ...(eind !== undefined && { eind }) } as DraftClock;
  return putQuestion(rooms, given, {
    ...{ berichttype: 'check-op-bekendheid', aan, grondslag, raadpleging },
    ...(zaak !== undefined && { zaak }),
  });
}

/**
 * Asks more in the same conversation, under the same clock.
 * @throws Refusal state-conflict when the clock has ended, or nobody said that the person is known;
 * and as when it is opened
 */
export function askMore(rooms: Rooms, conversation: string, given: FollowUp): Promise<Question> {
  const stand = findStand(rooms, conversation);
  const { klok, aanvang, eind } = toClaim(stand);
  if (rooms.clock.now() >= eind * 1000) {
    throw new Refusal('state-conflict', 'its clock has ended: open a new consultation');
  }
  const aan = given.aan ?? knowing(rooms, stand);
  if (aan.length === 0) {
    throw new Refusal(
      'state-conflict',
      'nobody said that the person is known: name who is asked (aan, --to)',
    );
  }
  const first = firstClaims(rooms, stand);
  return putQuestion(rooms, given, {
    berichttype: 'verzoek-casusinformatie',
    aan,
    conversatie: stand.conversation,
    grondslag: given.grondslag ?? first?.grondslag ?? '',
    raadpleging: { klok, aanvang: instant(aanvang * 1000), eind: instant(eind * 1000) },
    ...(first?.zaak !== undefined && { zaak: first.zaak }),
  });
}

const knowing = (rooms: Rooms, { asked }: Stand): Oin[] => [
  ...new Set(
    asked
      .filter(({ answers }) => answers.some((one) => isKnownBy(rooms, one) === true))
      .map(({ partner }) => partner),
  ),
];

const firstClaims = (rooms: Rooms, { questions }: Stand): Bericht | undefined =>
  questions[0] && claimsOf(rooms, questions[0].jti);
