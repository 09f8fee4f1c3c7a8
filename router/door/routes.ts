/** Every route of the door, in the order of its document (openapi/paths.ts); a test holds the two equal. */
import type { Prio } from '../bus/subjects.ts';
import type { Inquiries } from './inquiries.ts';
import type { Notices } from './notices.ts';
import type { Route } from './route.ts';
import { collect } from './routes/collect.ts';
import { bodySchemaOf, document, listTypes } from './routes/open.ts';
import { certificatesOf, listOrganisations } from './routes/organisations.ts';
import { offerReceipt, receiptsOf, statusOf } from './routes/receipts.ts';
import { submit } from './routes/submit.ts';
import type { Turns } from './turns.ts';

export interface DoorRooms {
  readonly inquiries: Inquiries;
  readonly notices: Notices;
  /** The turns of the agencies, per priority. */
  readonly turns: Readonly<Record<Prio, Turns>>;
  readonly types: MessageTypes;
}

/** The message types that this router knows. */
export interface MessageTypes {
  list(): readonly { type: string; versions: readonly string[]; summary: string }[];
  schemaOf(type: string, version: string): object | undefined;
}

export const doorRoutes = (rooms: DoorRooms): readonly Route[] => [
  submit(rooms),
  statusOf(rooms),
  receiptsOf(rooms),
  offerReceipt(rooms),
  collect(rooms),
  listOrganisations(rooms),
  certificatesOf(rooms),
  listTypes(rooms),
  bodySchemaOf(rooms),
  document(),
];
