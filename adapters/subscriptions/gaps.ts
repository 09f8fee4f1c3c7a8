/**
 * Events of a case that did not come. They show where a subscription of ours without a filter on
 * types ran since before the hole, on the basis of an event beside it: then each event of the case
 * should have come.
 */
import type { Oin, Uuid } from '../../schemas/ids.ts';
import { toSequence } from '../events/case-event.ts';
import type { Rooms } from '../rooms.ts';
import type { Hole } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import type { SubscriptionRow } from '../store/subscriptions.ts';

export interface Gap {
  readonly sender: Oin;
  /** The system that tells, as CloudEvents `source`. */
  readonly source: string;
  readonly zaak: Uuid;
  /** First and last number that is missing, as on the wire. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** When the event came that showed it; milliseconds since 1970. */
  readonly since: number;
  readonly subscription: SubscriptionRow['id'];
}

/** The oldest first. */
export function gapsOf({ store }: Rooms): Gap[] {
  const found = new Map<string, Gap>();
  const endOf = endsBy(store);
  for (const some of alike(store.subscriptions.all().filter(({ types }) => types === null))) {
    const [{ source: sender, zaak }] = some;
    for (const hole of store.events.holes({ sender, zaak })) {
      const key = `${hole.source} ${hole.zaak} ${hole.before}`;
      const by = found.has(key) ? undefined : some.find((one) => covers(one, hole, endOf));
      if (by !== undefined) found.set(key, toGap(hole, by));
    }
  }
  return [...found.values()].sort((a, b) => a.since - b.since);
}

/** Those of one source and case together: what came of these is asked once. */
function alike(all: readonly SubscriptionRow[]): [SubscriptionRow, ...SubscriptionRow[]][] {
  const groups = new Map<string, [SubscriptionRow, ...SubscriptionRow[]]>();
  for (const one of all) {
    const key = `${one.source} ${one.zaak}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

type EndOf = (one: SubscriptionRow) => number;

/** Only our own word hides a gap: that the router ended it, nobody signed. */
function endsBy({ subscriptions }: Store): EndOf {
  const known = new Map<SubscriptionRow['id'], number>();
  return ({ id, ended, until }) => {
    const end = Math.min(known.get(id) ?? ownEnd(id, ended), until ?? Infinity);
    known.set(id, end);
    return end;
  };
  function ownEnd(id: SubscriptionRow['id'], ended: number | null): number {
    if (ended === null || subscriptions.people(id).endedBy === undefined) return Infinity;
    return ended;
  }
}

const covers = (one: SubscriptionRow, hole: Hole, endOf: EndOf): boolean =>
  hole.bases.split(',').some((basis) => basis === '' || basis === one.basis) &&
  (one.region === null || one.region === hole.region) &&
  one.begun <= hole.beforeAt &&
  hole.afterAt <= endOf(one);

const toGap = (
  { sender, source, zaak, before, after, afterAt }: Hole,
  by: SubscriptionRow,
): Gap => ({
  ...{ sender, source, zaak, from: toSequence(before + 1), to: toSequence(after - 1) },
  ...{ count: after - before - 1, since: afterAt, subscription: by.id },
});
