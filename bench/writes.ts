/**
 * What one message makes the router write to the broker, in the order of the path. The bench counts
 * the writes of the real path by the sequences of the streams and prints them beside this table.
 */
import type { LogName } from '../router/bus/bus.ts';
import { subjects } from '../router/bus/subjects.ts';
import { newUuid7, type Oin } from '../schemas/ids.ts';
import type { Case } from './cases.ts';
import { encoded, SIGNATURE, sizesOf } from './sizes.ts';

export interface Write {
  /** Deadlines are kept in a bucket: put, and taken away again. */
  readonly log: LogName | 'put' | 'take away';
  readonly what: string;
  readonly subject: string;
  readonly bytes: number;
  /** The sequence that must be the last on its subject, where idempotence rests on it. */
  readonly expect?: number;
}

/** Writes that may be under way together; one step begins when the one before has been stored. */
export type Step = readonly Write[];

const SENDER = '00000099000000010000' as Oin;
const RECIPIENTS = [
  '00000099000000020000',
  '00000099000000030000',
  '00000099000000040000',
] as Oin[];
// A ledger entry names its message (sender, id, digest) and says one thing of it.
const ENTRY = 420;
const ID_RECORD = 360;
const DEADLINE = 100;
// A sealed text has, beside itself, a header, a wrapped key, a nonce and a tag.
const AROUND_SEALED = { rsa: 160 + 512 + 16 + 22 + 4, ec: 300 + 54 + 16 + 22 + 4 } as const;

/** The writes of one message, with fresh ids. */
export function writesOf(of: Case, now: number): readonly Step[] {
  const [jti, sizes] = [newUuid7(now), sizesOf(of)];
  const recipients = RECIPIENTS.slice(0, of.recipients);
  const entry = (kind: string): Write => ({
    ...{ log: 'LEDGER', what: `ledger: ${kind}`, subject: subjects.ledger(kind), bytes: ENTRY },
  });
  const id = (what: string): Write => ({
    ...{ log: 'ID', what, subject: subjects.id(SENDER, jti), bytes: ID_RECORD },
  });
  const receipt = (copy: Oin, state: 'aanvaard' | 'afgeleverd'): Write => ({
    ...{ log: 'RECEIPT', what: `receipt ${state}`, expect: 0 },
    subject: subjects.receipt(SENDER, jti, copy, state),
    bytes: sizes[`receipt ${state}`] + 1 + SIGNATURE[of.profile],
  });
  const copy = (recipient: Oin): Write => ({
    ...{ log: 'MAILBOX', what: 'sealed copy', expect: 0 },
    subject: subjects.mailbox(recipient, 'normaal', SENDER, jti),
    bytes: encoded(sizes.delivery) + AROUND_SEALED[of.profile],
  });
  const waiting = (recipient: Oin): Write => ({
    ...receipt(recipient, 'afgeleverd'),
    ...{ log: 'MAILBOX', what: 'receipt for the sender' },
    subject: subjects.mailboxNote(SENDER, 'normaal', recipient, newUuid7(now), 'ontvangstbewijs'),
  });
  const deadline = (log: 'put' | 'take away'): Write => ({
    ...{ log, what: 'deadline', subject: `bericht.${SENDER}.${jti}`, bytes: DEADLINE },
  });
  const clock = (term: string): Write => ({
    ...{ log: 'put', what: 'clock', bytes: DEADLINE },
    subject: `klok.${recipients[0]}.${term}.${SENDER}.${jti}`,
  });
  return [
    recipients.map(() => entry('besluit')),
    [{ ...id('id record'), expect: 0 }],
    [entry('voornemen'), deadline('put')],
    recipients.map(copy),
    [receipt(SENDER, 'aanvaard')],
    [entry('aanvaard')],
    [id('id record, accepted')],
    recipients.map((recipient) => receipt(recipient, 'afgeleverd')),
    recipients.map(() => entry('ontvangstbewijs')),
    recipients.map(waiting),
    // Clocks of Veilig Thuis, which run until it answers.
    [clock('veiligheidsbeoordeling'), clock('informeren-betrokkene')],
    [deadline('take away')],
  ];
}
