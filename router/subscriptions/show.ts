/** A subscription as its subscriber sees it, by the Dutch draft of a subscription API and with what we add. */
import { type Oin, type OinUrn, toUrn, type Uuid, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Rooms } from '../rooms.ts';
import { endSubscription } from './end-subscription.ts';
import { hasLostRight, mayEnd } from './may-be-told.ts';
import type { EndReason, Subscription } from './subscription.ts';

/** Times are in UTC (RFC 3339). */
export interface SubscriptionView {
  readonly id: Uuid7;
  readonly source?: OinUrn;
  readonly types?: readonly string[];
  readonly protocol: 'http-pull';
  readonly endpoint: string;
  readonly zaak?: Uuid;
  readonly regio?: string;
  readonly grondslag: string;
  readonly begin: string;
  readonly eind: string;
  readonly staat: 'loopt' | 'beeindigd';
  readonly reden?: EndReason;
  readonly beeindigdOp?: string;
  readonly overgeslagen?: { readonly aantal: number; readonly laatstOp: string };
}

/** All that an agency has, those of the last weeks that ended too, oldest first. */
export async function listSubscriptions(rooms: Rooms, owner: Oin): Promise<SubscriptionView[]> {
  const all = await rooms.subscriptions.of(owner);
  return (await Promise.all(all.map((one) => asItStands(rooms, one)))).map(show);
}

/** @throws Refusal not-found, also when it is another's */
export const showSubscription = async (
  rooms: Rooms,
  owner: Oin,
  id: Uuid7,
): Promise<SubscriptionView> => show(await findOwn(rooms, owner, id));

/** As it stands now. @throws Refusal not-found, also when it is another's */
export async function findOwn(rooms: Rooms, owner: Oin, id: Uuid7): Promise<Subscription> {
  const found = await rooms.subscriptions.find(owner, id);
  if (found === undefined) {
    throw new Refusal('not-found', 'you have no such subscription', [], 'statement');
  }
  return asItStands(rooms, found);
}

/** One whose right or time is gone ends when somebody looks, if nothing came before. */
async function asItStands(rooms: Rooms, one: Subscription): Promise<Subscription> {
  const { registry, clock } = rooms;
  const now = clock.now();
  if (one.einde !== undefined) return one;
  const isLost =
    mayEnd(registry, one) && hasLostRight(registry, registry.agency(one.abonnee), one, now);
  if (!isLost && now < one.eind) return one;
  await endSubscription(rooms, one, isLost ? 'geen-recht' : 'eind');
  return (await rooms.subscriptions.find(one.abonnee, one.id)) ?? one;
}

const timeOf = (at: number): string => new Date(at).toISOString();

const show = ({ id, bron, typen, zaak, regio, ...one }: Subscription): SubscriptionView => ({
  id,
  ...(bron !== undefined && { source: toUrn(bron) }),
  ...(typen !== undefined && { types: typen }),
  protocol: 'http-pull',
  endpoint: `/v1/subscriptions/${id}/events`,
  ...(zaak !== undefined && { zaak }),
  ...(regio !== undefined && { regio }),
  grondslag: one.grondslag,
  begin: timeOf(one.begin),
  eind: timeOf(one.eind),
  staat: one.einde === undefined ? 'loopt' : 'beeindigd',
  ...(one.einde !== undefined && {
    reden: one.einde.reden,
    beeindigdOp: timeOf(one.einde.op),
  }),
  ...(one.overgeslagen !== undefined && {
    overgeslagen: {
      aantal: one.overgeslagen.aantal,
      laatstOp: timeOf(one.overgeslagen.laatst),
    },
  }),
});
