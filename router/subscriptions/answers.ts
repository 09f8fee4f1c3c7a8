/** What a door may ask of subscriptions. What an agency has is its own to know: it comes with its ticket. */
import type { Oin } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
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
  async function proven({ peer, bewijs }: { peer: Oin; bewijs: string }): Promise<void> {
    if (typeof bewijs !== 'string') throw new Refusal('ticket-invalid');
    await tickets.check({ peer, postbus: peer, bewijs });
  }
  return {
    async subscribe({ peer, verklaring }) {
      const { abonnee, id } = await acceptSubscriptionStatement(rooms, peer, verklaring);
      return showSubscription(rooms, abonnee, id);
    },
    async subscriptions(ask) {
      await proven(ask);
      return { abonnementen: await listSubscriptions(rooms, ask.peer) };
    },
    async subscription(ask) {
      await proven(ask);
      return showSubscription(rooms, ask.peer, ask.abonnement);
    },
    async events({ peer: owner, ...ask }) {
      await proven({ peer: owner, ...ask });
      return { events: await pullEvents(rooms, { owner, ...ask }) };
    },
  };
}
