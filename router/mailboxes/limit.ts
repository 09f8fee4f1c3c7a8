/** What a mailbox may hold before it takes no new messages; receipts and alarms always get in. */
import type { Level } from './tally.ts';

export interface MailboxSettings {
  readonly items: number;
  readonly bytes: number;
  /** Seconds after which a sender is told to come again. */
  readonly retrySeconds: number;
}

export const MAILBOX_DEFAULTS: MailboxSettings = {
  items: 10_000,
  bytes: 1024 ** 3,
  retrySeconds: 300,
};

export const isFull = ({ items, bytes }: Level, limit: MailboxSettings): boolean =>
  items >= limit.items || bytes >= limit.bytes;
