/** Walks over everything that lies in the mailboxes and among the dead letters, without its content. */
import type { Oin } from '../../schemas/ids.ts';
import { STATES } from '../../schemas/states.ts';
import type { Stored } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import type { DeadLetter } from '../deadletters.ts';
import { labelOf } from '../mailboxes.ts';
import type { Rooms } from '../rooms.ts';
import { type Due, judgeCopy, judgeLetter, judgeNotice, type Lying } from './judge.ts';

export interface Found {
  /** As it lies there, without its content. */
  readonly stored: Stored;
  readonly item: Lying;
  /** Undefined while it may stay. */
  readonly due: Due | undefined;
}

/** Every item in every mailbox, one by one, so that a large one never keeps the path waiting. */
export async function* lookAtMailboxes(rooms: Rooms): AsyncGenerator<Found> {
  const items = rooms.bus.log('MAILBOX').list(subjects.mailboxes, 1, { headersOnly: true });
  for await (const stored of items) {
    const item = { ...labelOf(stored), at: stored.at };
    yield { stored, item, due: await judge(rooms, item) };
  }
}

async function judge(rooms: Rooms, item: Lying): Promise<Due | undefined> {
  const now = rooms.clock.now();
  if (item.kind !== 'aflevering') return judgeNotice(item, now);
  const receipts = await rooms.receipts.of(item.from, item.id, [item.recipient]);
  return judgeCopy(item, receipts, now);
}

export interface FoundLetter {
  readonly letter: DeadLetter;
  readonly due: Due | undefined;
}

export async function* lookAtLetters(rooms: Rooms): AsyncGenerator<FoundLetter> {
  for await (const letter of rooms.deadletters.list()) {
    yield { letter, due: judgeLetter(letter, await decidedAt(rooms, letter), rooms.clock.now()) };
  }
}

/**
 * Since when a letter has no more use. With the verdict on its message; but what a recipient could not
 * read was accepted long before it was parked: that waits for a redrive until every copy is settled.
 */
async function decidedAt(rooms: Rooms, letter: DeadLetter): Promise<number | undefined> {
  const { sender, jti, pile, parkedAt } = letter;
  if (sender === undefined || jti === undefined) return undefined;
  const record = await rooms.ids.find(sender, jti);
  if (record === undefined || record.verdict === 'intended') return undefined;
  if (record.verdict === 'refused' || pile !== 'partner') return parkedAt;
  const receipts = await rooms.receipts.of(sender, jti, record.recipients);
  const settled = record.recipients.map((oin) =>
    receipts.find(({ copy, state }) => copy === oin && STATES[state].settles),
  );
  if (settled.includes(undefined)) return undefined;
  return Math.max(...settled.map((one) => one?.at ?? 0));
}

/** Whose mailbox an item lies in, and whose message it is about. */
export const partiesOf = ({ recipient, from, id, kind }: Lying) =>
  kind === 'aflevering'
    ? { afzender: from, bericht: id, ontvanger: recipient }
    : { ontvanger: recipient satisfies Oin };
