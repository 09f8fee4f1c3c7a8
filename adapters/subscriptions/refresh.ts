/**
 * What the router says of our subscriptions: which have ended, with the case, by time or because the
 * right is gone; and those that this store does not know, because its answer was lost or the store is
 * an older one. Nobody signed it: it changes what is shown here, and no right; what it says later
 * undoes what it said before; and what ended by our own word has ended, whatever it says.
 */
import { Refusal } from '../../schemas/refusal.ts';
import { refusalOf } from '../answer.ts';
import { askOwn } from '../ask-own.ts';
import { kindOf } from '../log.ts';
import type { Rooms } from '../rooms.ts';
import type { SubscriptionRow } from '../store/subscriptions.ts';
import { readList } from './read-list.ts';

/** @returns why the router told nothing, if it did not */
export async function refreshSubscriptions(rooms: Rooms): Promise<Refusal | undefined> {
  const { store, log, clock } = rooms;
  try {
    const asked = clock.now();
    const said = await ask(rooms);
    const news = [...said, ...forgotten(rooms, said, asked)].filter((row) => isNews(rooms, row));
    if (news.length > 0) await store.write(() => takeUp(rooms, news));
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log.info(kindOf(error), 'the router could not be asked about subscriptions');
    return error;
  }
}

async function ask(rooms: Rooms): Promise<SubscriptionRow[]> {
  const answer = await askOwn(rooms, (ticket) => rooms.door.subscriptions('', ticket, readList));
  if (answer.ok) return answer.value;
  throw refusalOf(answer.problem);
}

/** One that began just now its answer may not have yet. */
const FRESH_MS = 60_000;

/**
 * Those that run by what we have and that the router does not know: nothing comes under them any more.
 * It ended longer ago than it is told, or the router was brought back from before it began.
 */
function forgotten(
  { store }: Rooms,
  said: readonly SubscriptionRow[],
  now: number,
): SubscriptionRow[] {
  const told = new Set(said.map(({ id }) => id));
  return store.subscriptions
    .all()
    .filter(({ id, begun, ended, until }) => {
      const runs = ended === null && (until === null || until > now);
      return runs && begun < now - FRESH_MS && !told.has(id);
    })
    .map((row) => ({ ...row, ended: now, reason: 'onbekend-bij-router' }));
}

/** No router keeps more of one agency. */
const MOST_NEW = 5_000;

/**
 * Whether it runs, when and why it ended, or what it missed, is not as we have it; of what we ended
 * ourselves nothing is.
 */
function isNews({ store }: Rooms, { id, ended, reason, missed }: SubscriptionRow): boolean {
  const known = store.subscriptions.get(id);
  if (known === undefined) return true;
  if (known.ended === ended && known.reason === reason && known.missed === missed) return false;
  return known.ended === null || store.subscriptions.people(id).endedBy === undefined;
}

/** To be called inside `store.write`. */
function takeUp({ store, log, clock }: Rooms, news: readonly SubscriptionRow[]): void {
  const { subscriptions } = store;
  const heard = clock.now();
  const [known, fresh]: [SubscriptionRow[], SubscriptionRow[]] = [[], []];
  for (const row of news) (subscriptions.get(row.id) === undefined ? fresh : known).push(row);
  for (const row of fresh.slice(0, MOST_NEW)) {
    subscriptions.add({ ...row, heard: row.ended === null ? null : heard }, {});
  }
  for (const row of known) {
    const { id, ended, reason } = row;
    const before = subscriptions.get(id);
    subscriptions.miss(row);
    if (before?.ended === ended && before?.reason === reason) continue;
    subscriptions.resume(id);
    if (ended !== null) subscriptions.end(id, { ended, reason: reason ?? 'onbekend', heard });
  }
  if (fresh.length <= MOST_NEW) return;
  log.warn({ count: fresh.length }, 'the router tells of more subscriptions than it can have');
}
