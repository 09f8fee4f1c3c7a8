import { isFull } from '../mailboxes/limit.ts';
import type { Agency } from '../registry.ts';
import type { Rooms } from '../rooms.ts';

/** Whether the mailbox of an agency takes new messages. By a counter: nothing is looked up. */
export const hasRoom = ({ mailboxes, settings }: Rooms, { oin }: Agency): boolean =>
  !isFull(mailboxes.level(oin), settings.mailbox);
