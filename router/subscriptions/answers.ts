/** What a door may ask of subscriptions. What an agency has is its own to know: it comes with its ticket. */
import type { Questions } from '../questions.ts';
import type { Rooms } from '../rooms.ts';
import type { Tickets } from '../tickets.ts';
import { acceptSubscriptionStatement } from './accept-statement.ts';
import { pullEvents } from './pull-events.ts';
import { listSubscriptions, showSubscription } from './show.ts';

type Q = 'subscribe' | 'subscriptions' | 'subscription' | 'events';

export function openSubscriptionAnswers(
  rooms: Rooms,
  tickets: Tickets,
): { readonly [K in Q]: (ask: Questions[K]['ask']) => Promise<Questions[K]['value']> } {
  return {
    async subscribe({ peer, verklaring }) {
      const { abonnee, id } = await acceptSubscriptionStatement(rooms, peer, verklaring);
      return showSubscription(rooms, abonnee, id);
    },
    async subscriptions(ask) {
      return { abonnementen: await listSubscriptions(rooms, await tickets.owner(ask)) };
    },
    async subscription(ask) {
      return showSubscription(rooms, await tickets.owner(ask), ask.abonnement);
    },
    async events({ peer, bewijs, ...asked }) {
      const owner = await tickets.owner({ peer, bewijs });
      // Last, whatever else a stolen door puts into its question.
      return { events: await pullEvents(rooms, { ...asked, owner }) };
    },
  };
}
