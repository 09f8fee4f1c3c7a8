/** Who still owes an answer to what: looked up in the record of a consultation. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Consultation, Question } from '../consultations.ts';

/** The question with this id, if this partner was asked it. */
export const questionTo = (
  { vragen }: Consultation,
  bericht: Uuid7,
  partner: Oin,
): Question | undefined =>
  vragen.find((one) => one.bericht === bericht && one.aan.includes(partner));

/** Neither withdrawn from this partner nor answered by it. */
export const isOpen = ({ antwoorden }: Consultation, question: Question, partner: Oin): boolean =>
  question.ingetrokken[partner] === undefined &&
  !antwoorden.some(
    (one) =>
      one.vraag === question.bericht && one.partner === partner && one.ingetrokken === undefined,
  );

/** What was put under the clock that runs, or ran last. */
export const ofThisClock = ({ vragen, klokVan }: Consultation): Question[] =>
  vragen.filter(({ onder }) => onder === klokVan);

/** Everybody who was asked, in the order of asking. */
export const partnersOf = ({ vragen }: Pick<Consultation, 'vragen'>): Oin[] => [
  ...new Set(vragen.flatMap(({ aan }) => aan)),
];

/** What this partner has not answered, oldest first. */
export const openQuestions = (consultation: Consultation, partner: Oin): Question[] =>
  consultation.vragen.filter(
    (one) => one.aan.includes(partner) && isOpen(consultation, one, partner),
  );
