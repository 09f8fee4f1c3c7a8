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
  /** There were more than can be shown. */
  readonly cut: boolean;
}

/** More than this nobody reads, and no case has. */
export const MOST = 500;

export const keyOf = ({ side, sender, jti }: ThreadRow): string => `${side} ${sender} ${jti}`;

/**
 * @param id a case, a conversation, or a message
 * @returns nothing in it when this agency has no message of that name
 */
export function gather({ threads }: Pick<Store, 'threads'>, id: string): Gathered {
  const seeds = seedsOf(threads, id);
  const cases = [...new Set(seeds.flatMap(({ casefile }) => casefile ?? []))];
  const found = new Map<string, ThreadRow>();
  const asked = new Set<string>();
  const queue: ThreadRow[] = [];
  const take = (rows: readonly ThreadRow[]) => {
    for (const row of rows) {
      if (found.has(keyOf(row)) || found.size > MOST) continue;
      found.set(keyOf(row), row);
      queue.push(row);
    }
  };
  take(seeds);
  for (const one of cases) take(threads.casefile(one, MOST + 1));
  for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
    if (row.casefile !== null && !cases.includes(row.casefile)) continue;
    take(around(threads, row, asked));
  }
  const messages = [...found.values()].sort((a, b) => a.at - b.at || (a.jti < b.jti ? -1 : 1));
  return { messages: messages.slice(0, MOST), cases, cut: messages.length > MOST };
}

function seedsOf(threads: Threads, id: string): ThreadRow[] {
  const limit = MOST + 1;
  const byCase = threads.casefile(id, limit);
  if (byCase.length > 0) return byCase;
  const byConversation = threads.conversation(id, limit);
  return byConversation.length > 0 ? byConversation : threads.message(id, limit);
}

/** What one message is tied to, asked once for each conversation. */
function around(threads: Threads, row: ThreadRow, asked: Set<string>): ThreadRow[] {
  const limit = MOST + 1;
  const { conversation, refers, replaces, withdraws } = row;
  const talk = asked.has(conversation) ? [] : threads.conversation(conversation, limit);
  asked.add(conversation);
  const earlier = [refers, replaces, withdraws]
    .filter((one) => one !== null)
    .flatMap((one) => threads.message(one, limit));
  return [...talk, ...earlier, ...threads.pointingAt(row, limit)];
}
