/**
 * Events of a case that did not come. They show where a subscription of ours without a filter on
 * types ran since before the hole: then each event of the case should have come.
 */
import type { Oin, Uuid } from '../../schemas/ids.ts';
import { toSequence } from '../events/case-event.ts';
import type { Rooms } from '../rooms.ts';
import type { Hole } from '../store/events.ts';
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
  for (const one of store.subscriptions.all()) {
    if (one.types !== null) continue;
    for (const hole of store.events.holes({ sender: one.source, zaak: one.zaak })) {
      const key = `${hole.source} ${hole.zaak} ${hole.before}`;
      if (!found.has(key) && covers(one, hole)) found.set(key, toGap(hole, one));
    }
  }
  return [...found.values()].sort((a, b) => a.since - b.since);
}

const covers = (one: SubscriptionRow, hole: Hole): boolean =>
  (one.zaak === null || one.zaak === hole.zaak) &&
  (one.source === null || one.source === hole.sender) &&
  (one.region === null || one.region === hole.region) &&
  one.begun <= hole.beforeAt &&
  hole.afterAt <= Math.min(one.ended ?? Infinity, one.until ?? Infinity);

const toGap = (
  { sender, source, zaak, before, after, afterAt }: Hole,
  by: SubscriptionRow,
): Gap => ({
  ...{ sender, source, zaak, from: toSequence(before + 1), to: toSequence(after - 1) },
  ...{ count: after - before - 1, since: afterAt, subscription: by.id },
});
