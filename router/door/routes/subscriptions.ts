/** Subscriptions: begun and ended by a signed statement; shown, and read, with a collection ticket. */
import { readJti, readJws, readLimit, readPlace, readTicket } from '../parameters.ts';
import type { DoorRooms } from '../rooms.ts';
import { type AgencyRoute, ROOT } from '../route.ts';

/** A list of CloudEvents (CloudEvents JSON format §4). */
const BATCH_TYPE = 'application/cloudevents-batch+json';

export const stateSubscription = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'POST',
  path: '/subscriptions',
  takes: 'application/jose',
  lane: () => 'other',
  async answer({ peer, body }) {
    const verklaring = readJws(body);
    const subscription = await inquiries.ask('subscribe', { peer, verklaring });
    const location = `${ROOT}/subscriptions/${subscription.id}`;
    return { status: 202, body: subscription, headers: { location } };
  },
});

export const listSubscriptions = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/subscriptions',
  lane: () => 'other',
  async answer({ peer, headers }) {
    const bewijs = readTicket(headers);
    return { status: 200, body: await inquiries.ask('subscriptions', { peer, bewijs }) };
  },
});

export const subscriptionOf = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/subscriptions/{id}',
  lane: () => 'other',
  async answer({ peer, headers, params }) {
    const ask = { peer, bewijs: readTicket(headers), abonnement: readJti(params['id']) };
    return { status: 200, body: await inquiries.ask('subscription', ask) };
  },
});

export const eventsOf = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/subscriptions/{id}/events',
  query: ['since', 'limit'],
  gives: BATCH_TYPE,
  lane: () => 'other',
  async answer({ peer, headers, params, query }) {
    const ask = { peer, bewijs: readTicket(headers), abonnement: readJti(params['id']) };
    const [since, limit] = [readPlace(query['since']), readLimit(query['limit'])];
    const which = { ...(since !== undefined && { since }), ...(limit !== undefined && { limit }) };
    const { events } = await inquiries.ask('events', { ...ask, ...which });
    return { status: 200, body: events };
  },
});
