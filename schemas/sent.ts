/**
 * The states of a sent message as a whole, as its sender's adapter tells them: worked out from the
 * receipts of all copies (states.ts), and from the clock. The adapter and the diagram in docs/ read
 * this table.
 */
export type SentState = 'ingediend' | 'aanvaard' | 'geweigerd' | 'afgerond' | 'verlopen';

export interface SentEntry {
  /** The message is offered to the router at intervals. */
  readonly offers: boolean;
  /** Whether a receipt or the clock alone may bring it here. */
  readonly by: 'sender' | 'receipt' | 'clock';
  readonly next: readonly SentState[];
  readonly meaning: string;
  /** For who sent it. */
  readonly remedy: string;
}

export const SENT: Readonly<Record<SentState, SentEntry>> = {
  ingediend: {
    offers: true,
    by: 'sender',
    next: ['aanvaard', 'geweigerd', 'afgerond', 'verlopen'],
    meaning: 'signed and on the disk, not known to be accepted by the router',
    remedy: 'nothing, or mend what the last code says',
  },
  aanvaard: {
    offers: true,
    by: 'receipt',
    next: ['afgerond', 'verlopen'],
    meaning: 'the router has it for every recipient; receipts of recipients are missing',
    remedy: 'nothing; telephone when it is urgent and stays so',
  },
  geweigerd: {
    offers: false,
    by: 'receipt',
    next: ['aanvaard', 'afgerond'],
    meaning: 'the router refused it, signed; an acceptance that turns up after all wins',
    remedy:
      'mend what the problem lists and send it as a new message; if the sender itself is suspended, ask the operator first',
  },
  afgerond: {
    offers: false,
    by: 'receipt',
    next: [],
    meaning: 'every copy is settled; where each copy stands may still change',
    remedy: 'look at the copies: of afgewezen and onbestelbaar read the code',
  },
  verlopen: {
    offers: false,
    by: 'clock',
    next: ['afgerond', 'geweigerd'],
    meaning: 'its end came, and it is not known that every recipient has it',
    remedy: 'telephone the recipient; a late receipt still counts and is shown',
  },
};

export const SENT_STATES = Object.keys(SENT) as SentState[];

/** Whether a message that stands at `from` may go to `to`. */
export const maySentFollow = (from: SentState, to: SentState): boolean =>
  SENT[from].next.includes(to);
