/**
 * What each message makes of the record of a consultation. Pure; undefined when it changes nothing,
 * so that the same message again does nothing more.
 */
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { TRAFFIC_DAYS } from '../bus/streams.ts';
import type { Consultation, GivenAnswer, Question } from '../consultations.ts';
import { ofThisClock, openQuestions, partnersOf, questionTo } from './look.ts';

/**
 * What is more than this is delivered and not counted: a summary must fit in a mailbox. `toOne` are the
 * answers of a partner to one question, not counted what it took back; the others count those, too.
 */
export const MOST = { questions: 50, partners: 100, toOne: 10, ofOne: 100, answers: 1500 } as const;

/** Traffic data live no longer, also when a question comes again and again. */
const KEPT = TRAFFIC_DAYS * 24 * 3_600_000;

export type Asked = Omit<Question, 'eind' | 'onder' | 'ingetrokken'> & {
  readonly raadpleging: Raadpleging;
};

/**
 * A question: the first begins the consultation, and its clock counts for those that follow. After the
 * end, or a summary, a question begins a clock of its own. What has grown too old goes.
 */
export function withQuestion(
  found: Consultation | undefined,
  { raadpleging, ...asked }: Asked,
): Consultation | undefined {
  const { bericht, gevraagd } = asked;
  if (found?.vragen.some((one) => one.bericht === bericht) === true) return undefined;
  const kept = withoutOld(found, gevraagd - KEPT);
  if (!hasRoom(kept, asked)) return found && incomplete(found);
  const runs = found !== undefined && found.samengevat === undefined;
  const clock =
    runs && gevraagd < found.eind * 1000 ? found : newClock(raadpleging, after(found, gevraagd));
  const { klok, aanvang, eind, ronde, klokVan } = clock;
  const question = { ...asked, eind: raadpleging.eind, onder: klokVan, ingetrokken: {} };
  const vragen = [...kept.vragen, question];
  const { antwoorden } = kept;
  const facts = { klok, aanvang, eind, ronde, klokVan, vragen, antwoorden };
  return found?.onvolledig === true ? { ...facts, onvolledig: true } : facts;
}

type Clock = Raadpleging & Pick<Consultation, 'ronde' | 'klokVan'>;
const newClock = (raadpleging: Raadpleging, ronde: number): Clock => ({
  ...{ ...raadpleging, ronde, klokVan: ronde },
});

type Listed = Pick<Consultation, 'vragen' | 'antwoorden'>;

/** Without what was asked before that moment, and the answers to it. */
function withoutOld(found: Listed = { vragen: [], antwoorden: [] }, before: number): Listed {
  const vragen = found.vragen.filter(({ gevraagd }) => gevraagd > before);
  const kept = new Set(vragen.map(({ bericht }) => bericht));
  return { vragen, antwoorden: found.antwoorden.filter(({ vraag }) => kept.has(vraag)) };
}

/** @returns undefined when that is noted already */
const incomplete = (found: Consultation): Consultation | undefined =>
  found.onvolledig === true ? undefined : { ...found, onvolledig: true };

function hasRoom(
  { vragen }: Pick<Consultation, 'vragen'>,
  { aan }: { aan: readonly Oin[] },
): boolean {
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
  if (given.some((one) => one.bericht === bericht)) return undefined;
  const toThis = given.filter((one) => one.vraag === vraag && one.ingetrokken === undefined);
  const isFull =
    toThis.length >= MOST.toOne ||
    given.length >= MOST.ofOne ||
    found.antwoorden.length >= MOST.answers;
  if (isFull) return incomplete(found);
  const { samengevat } = found;
  const more = { ...found, antwoorden: [...found.antwoorden, answer] };
  const isMissed = samengevat !== undefined && !teLaat && gegeven < samengevat;
  return isMissed ? anew(more, now) : more;
}

/** To be summed up once more, in words of their own. */
function anew(found: Consultation, now: number): Consultation {
  const { samengevat: _, gezegd: __, ...rest } = found;
  return { ...rest, ronde: after(found, now) };
}

/**
 * A question whose acceptance came after the summary, which left it out: it is made anew.
 * @param accepted milliseconds since 1970
 */
export function withAccepted(
  found: Consultation | undefined,
  { bericht, accepted }: { readonly bericht: Uuid7; readonly accepted: number },
  now: number,
): Consultation | undefined {
  if (found?.samengevat === undefined || accepted < found.samengevat) return undefined;
  const isListed = ofThisClock(found).some((one) => one.bericht === bericht);
  return isListed ? anew(found, now) : undefined;
}

export interface Withdrawal {
  readonly by: Oin;
  /** The message that is withdrawn, or corrected. */
  readonly bericht: Uuid7;
  readonly to: readonly Oin[];
  readonly at: number;
  /** The partners that rejected a question, as `bericht oin`: they owe nothing. */
  readonly rejected?: ReadonlySet<string>;
}

/** The asker withdraws a question from these partners. When nothing is left open under the clock, that is the end. */
export function withoutQuestion(
  found: Consultation | undefined,
  { bericht, to, at, rejected }: Withdrawal,
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
  const now = { ...left, vragen: ofThisClock(left) };
  const isOver = partnersOf(now).every((one) =>
    openQuestions(now, one).every((open) => rejected?.has(`${open.bericht} ${one}`) === true),
  );
  const closes = isOver && question?.onder === found.klokVan && found.samengevat === undefined;
  return closes ? { ...left, gesloten: at } : left;
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
