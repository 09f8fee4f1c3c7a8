/**
 * What each message makes of the record of a consultation. Pure; undefined when it changes nothing,
 * so that the same message again does nothing more.
 */
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Consultation, GivenAnswer, Question } from '../consultations.ts';
import { openQuestions, partnersOf, questionTo } from './look.ts';

/** What is more than this is delivered and not counted: a summary must fit in a mailbox. */
export const MOST = { questions: 50, partners: 100, answersOfOne: 10 } as const;

export type Asked = Omit<Question, 'eind' | 'ingetrokken'> & { readonly raadpleging: Raadpleging };

/**
 * A question: the first begins the consultation, and its clock counts for those that follow. After the
 * end, or a summary, a question begins a clock of its own.
 */
export function withQuestion(
  found: Consultation | undefined,
  { raadpleging, ...asked }: Asked,
): Consultation | undefined {
  const { bericht, gevraagd } = asked;
  const goesOn =
    found !== undefined && found.samengevat === undefined && gevraagd < found.eind * 1000;
  if (found !== undefined && !hasRoom(found, asked)) return undefined;
  if (found?.vragen.some((one) => one.bericht === bericht) === true) return undefined;
  const clock = goesOn ? found : { ...raadpleging, ronde: after(found, gevraagd) };
  const { klok, aanvang, eind, ronde } = clock;
  const question = { ...asked, eind, ingetrokken: {} };
  const vragen = [...(found?.vragen ?? []), question];
  return { klok, aanvang, eind, ronde, vragen, antwoorden: found?.antwoorden ?? [] };
}

function hasRoom({ vragen }: Consultation, { aan }: { aan: readonly Oin[] }): boolean {
  const partners = new Set([...partnersOf({ vragen }), ...aan]);
  return vragen.length < MOST.questions && partners.size <= MOST.partners;
}

const after = (found: Consultation | undefined, now: number): number =>
  found === undefined ? now : Math.max(now, found.ronde + 1);

/** An answer. One that was in time and came too late for the summary has it made anew. */
export function withAnswer(
  found: Consultation | undefined,
  answer: GivenAnswer,
  now: number,
): Consultation | undefined {
  const { partner, vraag, bericht, gegeven, teLaat } = answer;
  if (found === undefined || questionTo(found, vraag, partner) === undefined) return undefined;
  const given = found.antwoorden.filter((one) => one.partner === partner);
  if (given.length >= MOST.answersOfOne || given.some((one) => one.bericht === bericht)) {
    return undefined;
  }
  const { samengevat, ...rest } = found;
  const antwoorden = [...found.antwoorden, answer];
  const isMissed = samengevat !== undefined && !teLaat && gegeven < samengevat;
  return isMissed ? { ...rest, antwoorden, ronde: after(found, now) } : { ...found, antwoorden };
}

export interface Withdrawal {
  readonly by: Oin;
  /** The message that is withdrawn, or corrected. */
  readonly bericht: Uuid7;
  readonly to: readonly Oin[];
  readonly at: number;
}

/** The asker withdraws a question from these partners. When nothing is left open, that is the end. */
export function withoutQuestion(
  found: Consultation | undefined,
  { bericht, to, at }: Withdrawal,
): Consultation | undefined {
  const question = found?.vragen.find((one) => one.bericht === bericht);
  const from = question?.aan.filter(
    (one) => to.includes(one) && question.ingetrokken[one] === undefined,
  );
  if (found === undefined || from === undefined || from.length === 0) return undefined;
  const mark = Object.fromEntries(from.map((one) => [one, at]));
  const vragen = found.vragen.map((one) =>
    one.bericht === bericht ? { ...one, ingetrokken: { ...one.ingetrokken, ...mark } } : one,
  );
  const left = { ...found, vragen };
  const isOver = partnersOf(left).every((one) => openQuestions(left, one).length === 0);
  return isOver && found.samengevat === undefined ? { ...left, gesloten: at } : left;
}

/** A partner withdraws an answer: its question is open again. */
export function withoutAnswer(
  found: Consultation | undefined,
  { by, bericht, at }: Withdrawal,
): Consultation | undefined {
  const isIt = (one: GivenAnswer) =>
    one.partner === by && one.bericht === bericht && one.ingetrokken === undefined;
  if (found === undefined || !found.antwoorden.some(isIt)) return undefined;
  const antwoorden = found.antwoorden.map((one) => (isIt(one) ? { ...one, ingetrokken: at } : one));
  // Closed, and not summed up yet: it goes on.
  const { gesloten, ...open } = found;
  return { ...(found.samengevat === undefined ? open : found), antwoorden };
}
