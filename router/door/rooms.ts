/** The rooms that the routes of the door may ask. */
import type { Prio } from '../bus/subjects.ts';
import type { Inquiries } from './inquiries.ts';
import type { Notices } from './notices.ts';
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
