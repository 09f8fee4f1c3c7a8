import type { Oin, Uuid7 } from '../../schemas/ids.ts';

/** The kind of deadline that each subscription has (subscriptions/keep-subscription.ts). */
export const SUBSCRIPTION = 'abonnement';

export const keyOfSubscription = (abonnee: Oin, id: Uuid7): string =>
  `${SUBSCRIPTION}.${abonnee}.${id}`;

export function readSubscriptionKey(key: string): { abonnee: Oin; id: Uuid7 } {
  const [, abonnee, id] = key.split('.') as [string, Oin, Uuid7];
  return { abonnee, id };
}
