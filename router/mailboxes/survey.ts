import type { Oin } from '../../schemas/ids.ts';
import { readMailbox, subjects } from '../bus/subjects.ts';
import type { Rooms } from '../rooms.ts';
import { isFull, type MailboxSettings } from './limit.ts';

/** A mailbox as the operator sees it: numbers and times, no content. */
export interface MailboxReport {
  readonly oin: Oin;
  /** Absent when the agency is no longer registered. */
  readonly naam?: string;
  readonly status?: 'actief' | 'geschorst';
  readonly items: number;
  readonly bytes: number;
  /** Milliseconds since 1970; absent when it is empty. */
  readonly oldest?: number;
  readonly full: boolean;
  readonly limit: Pick<MailboxSettings, 'items' | 'bytes'>;
}

/** Counts what lies in every mailbox now: of everybody registered, and of whoever was. */
export async function survey(rooms: Rooms): Promise<MailboxReport[]> {
  const found = new Map(rooms.registry.all().map(({ oin }) => [oin, { items: 0, bytes: 0 }]));
  const oldest = new Map<Oin, number>();
  const all = rooms.bus.log('MAILBOX').list(subjects.mailboxes, 1, { headersOnly: true });
  for await (const { subject, size, at } of all) {
    const { recipient } = readMailbox(subject);
    const level = found.get(recipient) ?? { items: 0, bytes: 0 };
    found.set(recipient, { items: level.items + 1, bytes: level.bytes + size });
    oldest.set(recipient, Math.min(at, oldest.get(recipient) ?? at));
  }
  const { items, bytes } = rooms.settings.mailbox;
  return [...found]
    .map(([oin, level]) => {
      const agency = rooms.registry.agency(oin);
      const since = oldest.get(oin);
      return {
        oin,
        ...(agency && { naam: agency.naam, status: agency.status }),
        ...level,
        ...(since !== undefined && { oldest: since }),
        full: isFull(level, rooms.settings.mailbox),
        limit: { items, bytes },
      };
    })
    .sort((a, b) => b.items - a.items || (a.oin < b.oin ? -1 : 1));
}
