import { CASE_CLOSED, CASE_EVENT, type Wish } from '../../schemas/case-events.ts';
import { bodySchema, messageTypes } from '../../schemas/messages.ts';
import { vtRegion } from '../../schemas/reference.ts';
import { type Fault, Refusal } from '../../schemas/refusal.ts';
import type { Rooms } from '../rooms.ts';
import type { SubscriptionRow } from '../store/subscriptions.ts';

/** How the type of a case event is written, in every version of it. */
const TYPES = messageTypes()
  .filter(({ type }) => type === CASE_EVENT)
  .flatMap(({ type, versions }) => versions.map((version) => bodySchema(type, version)))
  .map((schema) => String(Object(schema).properties.type.pattern))
  .map((pattern) => new RegExp(pattern));

/**
 * Keeps out what no event could ever fit, and what runs already.
 * @throws Refusal schema-invalid or subscription-runs
 */
export function checkWish({ store, clock }: Rooms, wish: Wish): void {
  const faults = [...typeFaults(wish), ...regionFaults(wish)];
  if (faults.length > 0) throw new Refusal('schema-invalid', undefined, faults);
  const now = clock.now();
  const isRunning = ({ ended, until }: SubscriptionRow) =>
    ended === null && (until === null || until > now);
  const same = store.subscriptions.all().find((row) => isRunning(row) && isSame(row, wish));
  if (same === undefined) return;
  throw new Refusal('subscription-runs', `${same.id} is the same and runs`, [], 'adapter');
}

const typeFaults = ({ typen = [] }: Wish): Fault[] =>
  typen.flatMap((type, at) =>
    TYPES.some((one) => one.test(type))
      ? []
      : [
          {
            plaats: `/typen/${at}`,
            melding: `no event has such a type: they are as ${CASE_CLOSED}`,
          },
        ],
  );

const regionFaults = ({ regio }: Wish): Fault[] =>
  regio === undefined || vtRegion(regio) !== undefined
    ? []
    : [{ plaats: '/regio', melding: 'there is no such VT region' }];

function isSame(row: SubscriptionRow, { bron, typen, zaak, regio, grondslag }: Wish): boolean {
  const sorted = (types: readonly string[]) => JSON.stringify([...new Set(types)].sort());
  const types = row.types === null ? null : sorted(JSON.parse(row.types) as string[]);
  return (
    row.basis === grondslag &&
    row.source === (bron ?? null) &&
    row.zaak === (zaak ?? null) &&
    row.region === (regio ?? null) &&
    types === (typen === undefined ? null : sorted(typen))
  );
}
