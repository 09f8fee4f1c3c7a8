/**
 * How a consultation of ours stands, by our own outbox, receipts and inbox, so that it can be seen when
 * the router is away: who was asked what, has it, answered, rejected it, or need not answer any more.
 */
import { ANSWERS } from '../../schemas/consultation.ts';
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Rooms } from '../rooms.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { QuestionRow } from '../store/questions.ts';
import { type Copy, summariseSent } from '../track.ts';

/** One question to one partner. Times are milliseconds since 1970. */
export interface Asked {
  readonly partner: Oin;
  readonly question: OutboxRow;
  /** When the router had it for the partner, as it stated. */
  readonly accepted?: number;
  readonly copy?: Copy;
  readonly withdrawn?: number;
  /** What the partner answered and did not take back, the oldest first. */
  readonly answers: readonly InboxRow[];
}

export interface Stand {
  readonly conversation: Uuid7;
  /** Of each question, the first one first. */
  readonly clocks: readonly QuestionRow[];
  readonly questions: readonly OutboxRow[];
  readonly asked: readonly Asked[];
}

/** @returns undefined when this agency asked nothing under a clock in that conversation */
export function standOf(rooms: Rooms, conversation: string): Stand | undefined {
  const { store } = rooms;
  const clocks = store.questions.of(conversation);
  const [first] = clocks;
  if (first === undefined) return undefined;
  const questions = clocks.flatMap(({ message }) => store.outbox.get(message) ?? []);
  const asked = questions.flatMap((question) => askedOf(rooms, question));
  return { conversation: first.conversation, clocks, questions, asked };
}

/** @throws Refusal not-found */
export function findStand(rooms: Rooms, conversation: string): Stand {
  const stand = standOf(rooms, conversation);
  if (stand !== undefined) return stand;
  throw new Refusal('not-found', 'there is no such consultation of ours', [], 'adapter');
}

function askedOf(rooms: Rooms, question: OutboxRow): Asked[] {
  const { store } = rooms;
  const { ontvangers } = summariseSent(rooms, question);
  const accepted = store.receipts
    .of(question.jti)
    .find(({ state, counted }) => state === 'aanvaard' && counted === 1);
  const answers = store.inbox
    .answersTo(question.jti)
    .filter(({ type, conversation }) => ANSWERS.has(type) && conversation === question.conversation)
    .filter(({ sender, jti }) => store.inbox.withdrawnBy(sender, jti) === undefined);
  const withdrawals = store.questions.withdrawalsOf(question.jti);
  return partnersOf(rooms, question).map((partner) => {
    const copy = ontvangers.find(({ oin }) => oin === partner);
    const away = withdrawals.find((one) => partnersOf(rooms, one).includes(partner));
    return {
      ...{ partner, question, answers: answers.filter(({ sender }) => sender === partner) },
      ...(accepted !== undefined && { accepted: accepted.stated * 1000 }),
      ...(copy !== undefined && { copy }),
      ...(away !== undefined && { withdrawn: away.issued * 1000 }),
    };
  });
}

/** Whom a message of ours is for: as the router took it, or as we named them while it has not. */
function partnersOf(
  { store }: Rooms,
  { jti, audience }: Pick<OutboxRow, 'jti' | 'audience'>,
): readonly Oin[] {
  if (audience !== null) return JSON.parse(audience) as Oin[];
  return store.outbox.recipients(jti).map(({ oin }) => oin);
}

const LOST: ReadonlySet<string> = new Set(['afgewezen', 'onbestelbaar']);

/** Neither answered nor withdrawn: the router counts it as owed. */
const isUnanswered = ({ answers, withdrawn, question }: Asked): boolean =>
  answers.length === 0 && withdrawn === undefined && question.state !== 'geweigerd';

/**
 * What the router has not accepted may be on its way; once the clock has ended it was never asked, and
 * is in no summary. An answer shows that it was.
 */
export const wasAsked = ({ accepted, answers, question }: Asked, ended: boolean): boolean =>
  accepted !== undefined || answers.length > 0 || (!ended && question.state !== 'geweigerd');

/** Nobody need be told that he need not answer what he rejected. */
export const mayBeWithdrawn = (asked: Asked): boolean => isUnanswered(asked) && !isRejected(asked);

export const isRejected = ({ copy, answers }: Asked): boolean =>
  copy?.staat === 'afgewezen' && answers.length === 0;

/** An answer may still come. */
export const isAwaited = (asked: Asked): boolean =>
  isUnanswered(asked) && !LOST.has(asked.copy?.staat ?? 'wacht');

/** Where one question to one partner stands, in a word. */
export type AskedState =
  | 'beantwoord'
  | 'te-laat'
  | 'ingetrokken'
  | 'afgewezen'
  | 'onbestelbaar'
  | 'geweigerd'
  | 'afgeleverd'
  | 'onderweg';

export function stateOf({ answers, withdrawn, copy, question }: Asked): AskedState {
  if (answers.length > 0) return answers.every(({ late }) => late === 1) ? 'te-laat' : 'beantwoord';
  const state = copy?.staat;
  if (state === 'afgewezen') return state;
  if (withdrawn !== undefined) return 'ingetrokken';
  if (question.state === 'geweigerd') return 'geweigerd';
  if (state === 'onbestelbaar') return state;
  return state === 'afgeleverd' || state === 'verwerkt' ? 'afgeleverd' : 'onderweg';
}

/** The clock that counts: that of the first question, also for those that follow before its end. */
export function clockOf({ clocks, questions }: Stand): QuestionRow {
  const issued = new Map(questions.map(({ jti, issued }) => [jti, issued]));
  return clocks.reduce((running, next) =>
    (issued.get(next.message) ?? 0) >= running.until ? next : running,
  );
}

/** The same, as the wire has it. */
export function toClaim(stand: Stand): Raadpleging {
  const { clock, begin, until } = clockOf(stand);
  return { klok: clock as Raadpleging['klok'], aanvang: begin, eind: until };
}

export type ConsultationState =
  | 'loopt'
  | 'beantwoord'
  | 'ingetrokken'
  | 'verstreken'
  /** The router took none of it: nobody was asked. */
  | 'niet-gesteld';

/** Running while an answer may come in time. @param now milliseconds */
export function whetherRuns(stand: Stand, now: number): ConsultationState {
  const { asked } = stand;
  const ended = now >= clockOf(stand).until * 1000;
  if (!asked.some((one) => wasAsked(one, ended))) return 'niet-gesteld';
  if (ended) return 'verstreken';
  if (asked.some(isAwaited)) return 'loopt';
  return asked.some(({ withdrawn }) => withdrawn !== undefined) ? 'ingetrokken' : 'beantwoord';
}
