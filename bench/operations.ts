/**
 * The cryptographic operations that one message cannot do without, from the sender's signature to
 * the recipient's receipt in the sender's hands. What the floor holds is this table, no more.
 */

export type Act = 'sign' | 'verify' | 'seal' | 'open';
export type Who = 'sender' | 'router' | 'recipient';
/** What is signed, verified, sealed or opened; its length is in sizes.ts. */
export type Thing =
  | 'message'
  | 'submission'
  | 'route note'
  | 'delivery'
  | 'receipt aanvaard'
  | 'receipt afgeleverd';

export interface Operation {
  readonly who: Who;
  readonly act: Act;
  readonly thing: Thing;
  /** Done once for the message, or once for each recipient of it. */
  readonly per: 'message' | 'recipient';
}

const once = (who: Who, act: Act, thing: Thing): Operation => ({ who, act, thing, per: 'message' });
const each = (who: Who, act: Act, thing: Thing): Operation => ({
  ...{ who, act, thing },
  per: 'recipient',
});

/** In the order of the path. */
export const OPERATIONS: readonly Operation[] = [
  once('sender', 'sign', 'message'),
  once('sender', 'seal', 'submission'),
  once('router', 'open', 'submission'),
  once('router', 'verify', 'message'),
  each('router', 'sign', 'route note'),
  each('router', 'seal', 'delivery'),
  once('router', 'sign', 'receipt aanvaard'),
  once('sender', 'verify', 'receipt aanvaard'),
  each('recipient', 'open', 'delivery'),
  each('recipient', 'verify', 'route note'),
  each('recipient', 'verify', 'message'),
  each('recipient', 'sign', 'receipt afgeleverd'),
  each('router', 'verify', 'receipt afgeleverd'),
  each('sender', 'verify', 'receipt afgeleverd'),
];

/** Cryptography of the real path that the floor counts as nothing, so that it stands in the ratio as a cost. */
export const NOT_IN_THE_FLOOR: readonly string[] = [
  "collection tickets: one signature per agency every few minutes, verified at each collection's first sight",
  'checkpoints of the ledger: one signature for many messages, verified by the adapters',
  'SHA-256 of the message, of receipts and of ledger entries',
  'encryption at rest in the stores of the adapters',
  'TLS between adapters, door and broker',
];

export const timesOf = ({ per }: Operation, recipients: number): number =>
  per === 'message' ? 1 : recipients;
