/** Every route of the door, in the order of its document (openapi/paths.ts); a test holds the two equal. */
import type { DoorRooms } from './rooms.ts';
import type { Route } from './route.ts';
import { collect } from './routes/collect.ts';
import { bodySchemaOf, document, listTypes } from './routes/open.ts';
import { certificatesOf, listOrganisations } from './routes/organisations.ts';
import { historyOf, offerReceipt, receiptsOf, statusOf } from './routes/receipts.ts';
import { stateClock } from './routes/statements.ts';
import { submit } from './routes/submit.ts';
import {
  eventsOf,
  listSubscriptions,
  stateSubscription,
  subscriptionOf,
} from './routes/subscriptions.ts';

export const doorRoutes = (rooms: DoorRooms): readonly Route[] => [
  submit(rooms),
  statusOf(rooms),
  receiptsOf(rooms),
  historyOf(rooms),
  offerReceipt(rooms),
  collect(rooms),
  stateClock(rooms),
  stateSubscription(rooms),
  listSubscriptions(rooms),
  subscriptionOf(rooms),
  eventsOf(rooms),
  listOrganisations(rooms),
  certificatesOf(rooms),
  listTypes(rooms),
  bodySchemaOf(rooms),
  document(),
];
