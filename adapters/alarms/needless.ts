/**
 * Urgent messages that nobody need take over any more, whatever their state: a question of a consultation
 * that was answered or withdrawn (or the withdrawal that says so), an answer to whoever asked, and any
 * message that its sender withdrew. The router goes by the same.
 */
import { ANSWERS } from '../../schemas/consultation.ts';
import type { Oin } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import type { AlarmRow } from '../store/alarms.ts';
import type { Needless } from '../store/needless.ts';
import type { OutboxRow } from '../store/outbox.ts';

type About = Pick<AlarmRow, 'sender' | 'message' | 'recipient'>;

/** @returns why nobody need take it over; undefined when somebody must */
export function needlessBy(rooms: Rooms, about: About): Needless | undefined {
  const { sender, message, recipient } = about;
  const { store, oin } = rooms;
  if (sender !== oin) return store.alarms.needless(sender, message);
  const row = store.outbox.get(message);
  return row === undefined || recipient === '' ? undefined : sentBy(rooms, row, recipient);
}

function sentBy(rooms: Rooms, row: OutboxRow, to: Oin): Needless | undefined {
  const { store } = rooms;
  if (isWithdrawn(rooms, row, to)) return 'ingetrokken';
  if (isAnsweredBy(rooms, row, to)) return 'beantwoord';
  const { type, refers, withdraws } = row;
  const theirs = refers !== null && ANSWERS.has(type) ? store.inbox.get(to, refers) : undefined;
  if (withdraws === null && theirs !== undefined && theirs.answerBy !== null) return 'antwoord';
  return withdraws !== null && isQuestion(rooms, withdraws) ? 'intrekking' : undefined;
}

const isQuestion = ({ store }: Rooms, jti: string): boolean => {
  const conversation = store.outbox.get(jti)?.conversation;
  return (
    conversation !== undefined &&
    store.questions.of(conversation).some(({ message }) => message === jti)
  );
};

/** A question that was corrected need not be answered either. */
const isWithdrawn = (rooms: Rooms, { jti }: OutboxRow, from: Oin): boolean =>
  rooms.store.alarms
    .takenBack(jti)
    .filter(({ withdraws }) => withdraws === 1 || isQuestion(rooms, jti))
    .some((one) => isFor(rooms, one, from));

function isFor(
  { store }: Rooms,
  { jti, audience }: Pick<OutboxRow, 'jti' | 'audience'>,
  oin: Oin,
): boolean {
  if (audience !== null) return (JSON.parse(audience) as Oin[]).includes(oin);
  return store.outbox.recipients(jti).some((one) => one.oin === oin);
}

const isAnsweredBy = (rooms: Rooms, { jti }: OutboxRow, partner: Oin): boolean =>
  isQuestion(rooms, jti) &&
  rooms.store.inbox
    .answersTo(jti)
    .filter(({ sender, type }) => sender === partner && ANSWERS.has(type))
    .some((one) => rooms.store.inbox.withdrawnBy(partner, one.jti) === undefined);
