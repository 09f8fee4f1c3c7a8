/**
 * The states that a receipt can state, who may state them, and which may follow which.
 * The router, the adapters and the diagram in docs/ all read this table.
 */
export type State =
  | 'aanvaard'
  | 'geweigerd'
  | 'afgeleverd'
  | 'verwerkt'
  | 'afgewezen'
  | 'onleesbaar'
  | 'onbestelbaar';

export interface StateEntry {
  readonly by: 'router' | 'recipient';
  /** No further work on this copy is expected from Ketenpost once this has been stated. */
  readonly settles: boolean;
  /** The copy in the mailbox has served its purpose and its bytes must go. */
  readonly erases: boolean;
  /** The states that may still follow for the same copy. */
  readonly next: readonly State[];
  readonly meaning: string;
}

export const STATES: Readonly<Record<State, StateEntry>> = {
  aanvaard: {
    by: 'router',
    settles: false,
    erases: false,
    next: ['afgeleverd', 'verwerkt', 'afgewezen', 'onleesbaar', 'onbestelbaar'],
    meaning: 'valid, authorised, durable for every listed recipient',
  },
  geweigerd: {
    by: 'router',
    settles: true,
    erases: false,
    next: [],
    meaning: 'a stage refused it; code and every fault',
  },
  afgeleverd: {
    by: 'recipient',
    settles: true,
    erases: true,
    next: ['verwerkt', 'afgewezen'],
    meaning: 'opened, sender verified, stored durably by the adapter of the recipient',
  },
  verwerkt: {
    by: 'recipient',
    settles: true,
    erases: true,
    next: [],
    meaning: "taken over by the agency's own system, or acknowledged by a person",
  },
  afgewezen: {
    by: 'recipient',
    settles: true,
    erases: true,
    next: [],
    meaning: 'will not be processed; a code says why',
  },
  onleesbaar: {
    by: 'recipient',
    settles: false,
    erases: true,
    next: ['afgeleverd', 'verwerkt', 'afgewezen', 'onbestelbaar'],
    meaning: 'could not be opened or verified; to be offered again, sealed anew',
  },
  onbestelbaar: {
    by: 'router',
    settles: true,
    erases: true,
    next: ['afgeleverd', 'verwerkt', 'afgewezen'],
    meaning: 'not collected before its end',
  },
};

export const isState = (value: unknown): value is State =>
  typeof value === 'string' && Object.hasOwn(STATES, value);

/** Whether a copy that stands at `from` may go to `to`. The same state again is no move. */
export const mayFollow = (from: State, to: State): boolean => STATES[from].next.includes(to);

/** What can be stated of one copy: all that may follow the acceptance of the message. */
export const COPY_STATES: readonly State[] = STATES.aanvaard.next;

/** What cannot be true of a copy of which this is: neither could come after the other. */
export const contradictionsOf = (state: State): State[] =>
  COPY_STATES.filter((one) => one !== state && !mayFollow(one, state) && !mayFollow(state, one));

/**
 * From the least far along to the furthest, so that where a copy stands never depends on what
 * arrived first. Were both final words stated of one copy, `afgewezen` counts: the sender must act.
 */
const ALONG: readonly State[] = [
  'geweigerd',
  'aanvaard',
  'onleesbaar',
  'onbestelbaar',
  'afgeleverd',
  'verwerkt',
  'afgewezen',
];

/**
 * The state in which a copy stands, given all that was stated of it, in any order of arrival:
 * the one furthest along. A late `afgeleverd` thus wins over `onbestelbaar`.
 */
export const standing = (stated: readonly State[]): State | undefined =>
  ALONG.findLast((state) => stated.includes(state));
