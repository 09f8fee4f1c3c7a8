/**
 * Who may do what on the broker: one user per role, each with the exact subjects it needs and no
 * more. The generated settings of the broker come from this table, and a test tries the others.
 */
import { STREAMS, type StreamName } from './streams.ts';
import { subjects } from './subjects.ts';

export type BusRole = 'door' | 'pipeline' | 'admin';
export const BUS_ROLES: readonly BusRole[] = ['door', 'pipeline', 'admin'];

export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Answers come to subjects under this name; no role can listen in on those of another. */
export const inboxPrefix = (role: BusRole): string => `_INBOX_${role}`;
const inbox = (role: BusRole): string => `${inboxPrefix(role)}.>`;

const api = (verb: string, streams: readonly StreamName[], tail = ''): string[] =>
  streams.map((stream) => `$JS.API.${verb}.${stream}${tail}`);

/** To look up single messages and to count them. */
const look = (streams: readonly StreamName[]): string[] => [
  ...api('STREAM.INFO', streams),
  ...api('STREAM.MSG.GET', streams),
];
/** To read a stream from end to end, or to take from a queue. */
const read = (streams: readonly StreamName[]): string[] => [
  ...api('CONSUMER.CREATE', streams, '.>'),
  ...api('CONSUMER.MSG.NEXT', streams, '.*'),
];
/** To be told of each change of a bucket. */
const watch = (streams: readonly StreamName[]): string[] => [
  ...api('CONSUMER.CREATE', streams, '.>'),
  ...api('CONSUMER.INFO', streams, '.*'),
  ...streams.map((stream) => `$JS.FC.${stream}.>`),
];

const ALL = Object.keys(STREAMS) as StreamName[];
const WITH_ERASURE = ALL.filter((name) => STREAMS[name].erasable);
const ADMINISTERED: readonly StreamName[] = ['LEDGER', 'CHAIN', 'DEADLETTER', 'KV_registry'];

export const RIGHTS: Readonly<Record<BusRole, Rights>> = {
  // The door faces the network: it may ask, and be told of new mail. Nothing stored is in its reach.
  door: {
    publish: ['route.v1.*', 'ask.v1.*'],
    subscribe: ['notice.v1.*', inbox('door')],
  },
  pipeline: {
    publish: [
      ...[
        'mailbox.v1.>',
        'receipt.v1.>',
        'id.v1.>',
        'ledger.v1.*',
        'chain.v1.*',
        'deadletter.v1.>',
      ],
      ...['$KV.lease.>', '$KV.deadlines.>', '$KV.pins.>', 'notice.v1.*'],
      ...['$KV.raadplegingen.>', '$KV.abonnementen.>'],
      ...[subjects.variables, subjects.tally],
      ...[inbox('door'), inbox('admin')],
      ...look(ALL),
      ...read(ALL),
      ...watch(['KV_registry', 'KV_lease', 'KV_deadlines', 'KV_abonnementen']),
      ...api('STREAM.MSG.DELETE', WITH_ERASURE),
      // A queue that lost its place is made anew (queue.ts).
      ...api('CONSUMER.DELETE', ['MAILBOX'], '.*'),
    ],
    subscribe: [
      ...['route.v1.*', 'ask.v1.*', subjects.holdings, subjects.mailboxLevels],
      ...[subjects.tally, inbox('pipeline')],
    ],
  },
  // Whoever holds this credential runs the router: streams, register, ledger, dead letters. No mail.
  admin: {
    publish: [
      ...['route.v1.*', 'ledger.v1.register', 'ledger.v1.herinzending', '$KV.registry.>'],
      ...[subjects.variables, subjects.holdings, subjects.mailboxLevels],
      ...api('STREAM.CREATE', ALL),
      ...api('STREAM.UPDATE', ALL),
      ...api('STREAM.INFO', ALL),
      ...api('STREAM.MSG.GET', ADMINISTERED),
      ...read(ADMINISTERED),
      ...watch(['KV_registry']),
      ...api('STREAM.MSG.DELETE', ['DEADLETTER']),
    ],
    subscribe: [inbox('admin')],
  },
};
