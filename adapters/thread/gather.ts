/**
 * The messages that belong together: those of the case, those of a conversation that one of them is in,
 * and those that refer to one of them, correct it or withdraw it. Another case that is touched in passing
 * is not drawn in: of it only the message that touches is shown.
 */
import type { Store } from '../store/store.ts';
import type { ThreadRow, Threads } from '../store/threads.ts';

export interface Gathered {
  /** The oldest first. */
  readonly messages: readonly ThreadRow[];
  /** The cases that the thread was gathered for: none, when nobody named one. */
  readonly cases: readonly string[];
  /** There were more than can be shown: the oldest are left out. */
  readonly cut: boolean;
  /** The cases and conversations, as `Threads.heads` has them, that are in it and need no thread of their own. */
  readonly covers: ReadonlySet<string>;
}

/** More than this nobody reads, and no case has: but whoever sends can make it so. */
const MOST = 500;

const keyOf = ({ side, sender, jti }: ThreadRow): string => `${side} ${sender} ${jti}`;

/**
 * @param id a case, a conversation, or a message
 * @param most so many messages, the newest
 * @returns nothing in it when this agency has no message of that name
 */
export function gather({ threads }: Pick<Store, 'threads'>, id: string, most = MOST): Gathered {
  const limit = most + 1;
  const seeds = seedsOf(threads, id, limit);
  const cases = [...new Set(seeds.flatMap(({ casefile }) => casefile ?? []))];
  const own = ({ casefile }: ThreadRow) => casefile === null || cases.includes(casefile);
  const found = new Map<string, ThreadRow>();
  const asked = new Set<string>();
  const queue: ThreadRow[] = [];
  const take = (rows: readonly ThreadRow[], room: number) => {
    for (const row of rows.toSorted((a, b) => -inOrder(a, b))) {
      if (found.has(keyOf(row)) || found.size >= room) continue;
      found.set(keyOf(row), row);
      queue.push(row);
    }
  };
  take(seeds, limit);
  // What is tied to those may be newer than the oldest of them.
  for (const one of cases) take(threads.casefile(one, limit), limit);
  for (let row = queue.shift(); row !== undefined; row = queue.shift())
    if (own(row)) take(around(threads, row, asked, limit), 2 * limit);
  const messages = [...found.values()].sort(inOrder);
  const covers = new Set(messages.filter(own).map((row) => row.casefile ?? row.conversation));
  return { messages: messages.slice(-most), cases, cut: messages.length > most, covers };
}

const inOrder = (a: ThreadRow, b: ThreadRow): number => a.at - b.at || (a.jti < b.jti ? -1 : 1);

function seedsOf(threads: Threads, id: string, limit: number): ThreadRow[] {
  const byCase = threads.casefile(id, limit);
  if (byCase.length > 0) return byCase;
  const byConversation = threads.conversation(id, limit);
  return byConversation.length > 0 ? byConversation : threads.message(id, limit);
}

/** What one message is tied to, asked once for each conversation. */
function around(threads: Threads, row: ThreadRow, asked: Set<string>, limit: number): ThreadRow[] {
  const { conversation, refers, replaces, withdraws } = row;
  const talk = asked.has(conversation) ? [] : threads.conversation(conversation, limit);
  asked.add(conversation);
  const earlier = [refers, replaces, withdraws]
    .filter((one) => one !== null)
    .flatMap((one) => threads.message(one, limit));
  return [...talk, ...earlier, ...threads.pointingAt(row, limit)];
}
