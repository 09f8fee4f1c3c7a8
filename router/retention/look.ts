/** Walks over everything that lies in the mailboxes and among the dead letters, without its content. */
import type { Oin } from '../../schemas/ids.ts';
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
    const { sender, jti } = letter;
    const record =
      sender === undefined || jti === undefined ? undefined : await rooms.ids.find(sender, jti);
    yield { letter, due: judgeLetter(letter, record, rooms.clock.now()) };
  }
}

/** Whose mailbox an item lies in, and whose message it is about. */
export const partiesOf = ({ recipient, from, id, kind }: Lying) =>
  kind === 'aflevering'
    ? { afzender: from, bericht: id, ontvanger: recipient }
    : { ontvanger: recipient satisfies Oin };
