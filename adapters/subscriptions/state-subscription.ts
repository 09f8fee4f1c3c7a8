import type { Wish } from '../../schemas/case-events.ts';
import { newUuid7, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import type { SubscriptionRow } from '../store/subscriptions.ts';
import { tellRouter } from '../tell-router.ts';
import { checkWish } from './check-wish.ts';

/** Until when, in milliseconds since 1970; a year from now when absent. */
export type Wanted = Wish & { readonly eind?: number };

/** What is asked where nobody said until when; a router takes a day more. */
const YEAR = 365 * 86_400_000;

/**
 * Begins a subscription: signed, to the router first, which says whether the matrix allows it; then
 * here, with who began it.
 * @throws Refusal schema-invalid or subscription-runs (checkWish); what the router said; router-unreachable when it did not answer: nothing is begun here then
 */
export async function beginSubscription(
  rooms: Rooms,
  wish: Wanted,
  medewerker: string,
): Promise<SubscriptionRow> {
  const { store, clock } = rooms;
  const id = newUuid7(clock.now());
  checkWish(rooms, wish);
  const { bron, typen, zaak, regio, grondslag } = wish;
  const eind = Math.floor((wish.eind ?? clock.now() + YEAR) / 1000);
  await tellRouter(rooms, 'abonnement', {
    ...{ abonnement: id, handeling: 'begin', grondslag },
    ...(bron !== undefined && { bron: toUrn(bron) }),
    ...(typen !== undefined && { typen: [...typen] }),
    ...(zaak !== undefined && { zaak }),
    ...(regio !== undefined && { regio }),
    eind,
  });
  const row: SubscriptionRow = {
    ...{ id, source: bron ?? null, zaak: zaak ?? null, region: regio ?? null },
    ...{ types: typen === undefined ? null : JSON.stringify(typen), basis: grondslag },
    ...{ begun: clock.now(), until: eind * 1000, ended: null, reason: null },
    ...{ heard: null, missed: 0, missedAt: null },
  };
  await store.write(() => store.subscriptions.add(row, { begunBy: medewerker }));
  return row;
}

/** @throws Refusal as beginSubscription */
export async function endSubscription(rooms: Rooms, id: Uuid7, medewerker: string): Promise<void> {
  const { store, clock } = rooms;
  await tellRouter(rooms, 'abonnement', { abonnement: id, handeling: 'einde' });
  const now = clock.now();
  const end = { ended: now, reason: 'opgezegd', heard: now };
  await store.write(() => store.subscriptions.end(id, end, medewerker));
}
