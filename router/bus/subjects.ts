/**
 * Every subject on the bus, in one table. Tokens are OINs, types and ids only: a subject is
 * visible to whoever runs the broker and never holds personal data.
 */
import type { Oin, State, Uuid7 } from '../../schemas/generated/wire.ts';

export type Prio = 'spoed' | 'normaal';
export const PRIOS: readonly Prio[] = ['spoed', 'normaal'];

/** The questions that a door may ask of the pipeline. */
export const QUESTIONS = [
  'peer',
  'collect',
  'receipt',
  'status',
  'receipts',
  'history',
  'clock',
  'subscribe',
  'subscriptions',
  'subscription',
  'events',
  'organisations',
  'certificates',
  'endpoints',
  'push',
  'gone',
] as const;
export type Question = (typeof QUESTIONS)[number];

export const subjects = {
  /** Request: a submission, door → pipeline. */
  route: (prio: Prio) => `route.v1.${prio}`,
  /** Request: anything else a door wants to know or do for a peer. */
  ask: (question: Question) => `ask.v1.${question}`,
  /** Sign: something was put into this mailbox. */
  notice: (recipient: Oin) => `notice.v1.${recipient}`,
  /** Every notice: a door listens to all, so that no notice is missed between a question and a subscription. */
  notices: 'notice.v1.*',
  /** A sealed copy: `from` is the sender, `id` its jti. */
  mailbox: (recipient: Oin, prio: Prio, from: Oin, id: Uuid7) =>
    `mailbox.v1.${recipient}.${prio}.${from}.${id}`,
  /** A receipt on its way to the sender, or an alarm: apart from copies, whose ids others choose. */
  mailboxNote: (recipient: Oin, prio: Prio, from: Oin, id: Uuid7, kind: string) =>
    `mailbox.v1.${recipient}.${prio}.${from}.${id}.${kind}`,
  mailboxOf: (recipient: Oin, prio: Prio) => `mailbox.v1.${recipient}.${prio}.>`,
  /** All that waits in one mailbox. */
  mailboxWhole: (recipient: Oin) => `mailbox.v1.${recipient}.>`,
  /** All that waits in all mailboxes. */
  mailboxes: 'mailbox.v1.>',
  /**
   * One receipt per message, copy and state. `copy` is the recipient whose copy it is about, whoever
   * signed it (recipient or router); the router's own OIN when it is about the message as a whole.
   */
  receipt: (sender: Oin, jti: Uuid7, copy: Oin, state: State) =>
    `receipt.v1.${sender}.${jti}.${copy}.${state}`,
  /** The receipts about the copies of one agency, and about the messages of one. */
  receiptsOfCopies: (copy: Oin) => `receipt.v1.*.*.${copy}.*`,
  receiptsOfSender: (sender: Oin) => `receipt.v1.${sender}.>`,
  id: (sender: Oin, jti: Uuid7) => `id.v1.${sender}.${jti}`,
  /** That a statement of an agency (prove-statement.ts) was worked on. */
  statement: (signer: Oin, jti: Uuid7) => `id.v1.${signer}.${jti}.verklaring`,
  ledger: (kind: string) => `ledger.v1.${kind}`,
  chain: (kind: 'link' | 'checkpoint' | '*') => `chain.v1.${kind}`,
  deadLetter: (pile: string, sender: Oin | 'unknown', id: string) =>
    `deadletter.v1.${pile}.${sender}.${id}`,
  deadLettersOf: (pile: string) => `deadletter.v1.${pile}.>`,
  /** Sign, pipeline → pipelines: what was put into mailboxes and taken away. */
  tally: 'tally.v1',
  /** Request: how full each mailbox is; the operator → pipeline. */
  mailboxLevels: 'admin.v1.mailboxes',
  /** Request: what the mailboxes and dead letters hold, by number and age; the operator → pipeline. */
  holdings: 'admin.v1.holdings',
  /** Request: what every server of the broker says of its own settings. */
  variables: 'broker.v1.variables',
} as const;

/** What a subject of a mailbox names. */
export function readMailbox(subject: string): { recipient: Oin; prio: Prio; from: Oin; id: Uuid7 } {
  const [recipient, prio, from, id] = subject.split('.').slice(2) as [Oin, Prio, Oin, Uuid7];
  return { recipient, prio, from, id };
}

/** What a subject of `subjects.receipt` says of the receipt under it. */
export function readReceipt(subject: string): { copy: Oin; state: State } {
  const [copy, state] = subject.split('.').slice(4) as [Oin, State];
  return { copy, state };
}
