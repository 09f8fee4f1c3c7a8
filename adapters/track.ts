/** How far a sent message has come: per recipient, and as a line of time. Traffic data only. */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { SENT } from '../schemas/sent.ts';
import { type State, standing } from '../schemas/states.ts';
import { type AlarmView, openAlarms } from './alarm-view.ts';
import { instant } from './instant.ts';
import type { Rooms } from './rooms.ts';
import type { OutboxRow, OutboxState, Recipient } from './store/outbox.ts';
import type { ReceiptRow } from './store/receipts.ts';

export interface SentSummary {
  readonly bericht: Uuid7;
  readonly conversatie: Uuid7;
  readonly berichttype: string;
  readonly versie: string;
  readonly prio: 'spoed' | 'normaal';
  readonly verwijst?: Uuid7;
  readonly vervangt?: Uuid7;
  readonly trektIn?: Uuid7;
  readonly digest: string;
  readonly opgesteldOp: string;
  readonly geldigTot: string;
  readonly staat: OutboxState;
  readonly staatSinds: string;
  readonly pogingen: number;
  readonly volgendePoging?: string;
  readonly laatsteCode?: string;
  readonly ontvangers: readonly Copy[];
  /** It waits too long: one for each recipient that is not known to have it. */
  readonly alarmen?: readonly AlarmView[];
}

/** Where the copy of one recipient stands. `digestGelijk`: what it received is what was signed. */
export interface Copy {
  readonly oin: Oin;
  readonly staat: State | 'wacht';
  readonly op?: string;
  /** When each state was first stated. */
  readonly staten: Partial<Record<State, string>>;
  readonly digestGelijk: boolean;
  readonly code?: string;
  readonly doorverwijzing?: Oin;
  readonly tegenstrijdig: boolean;
}

export interface Moment {
  readonly op: string;
  readonly staat: State | OutboxState;
  readonly door: Oin;
  readonly ontvanger?: Oin;
  readonly code?: string;
  readonly tegenstrijdig?: true;
}

export interface Track extends SentSummary {
  readonly tijdlijn: readonly Moment[];
  /** Why the router refused the message. */
  readonly probleem?: unknown;
}

export function summariseSent(rooms: Rooms, row: OutboxRow): SentSummary {
  const { store, oin } = rooms;
  const alarmen = openAlarms(rooms, oin, row.jti);
  const receipts = store.receipts.of(row.jti);
  return {
    bericht: row.jti,
    conversatie: row.conversation,
    berichttype: row.type,
    versie: row.version,
    prio: row.prio,
    ...(row.refers && { verwijst: row.refers }),
    ...(row.replaces && { vervangt: row.replaces }),
    ...(row.withdraws && { trektIn: row.withdraws }),
    digest: row.digest,
    opgesteldOp: instant(row.issued * 1000),
    geldigTot: instant(row.expires * 1000),
    staat: row.state,
    staatSinds: instant(row.changed),
    pogingen: row.attempts,
    ...(row.nextAt !== null && SENT[row.state].offers && { volgendePoging: instant(row.nextAt) }),
    ...(row.lastCode && { laatsteCode: row.lastCode }),
    ontvangers: store.outbox.recipients(row.jti).map((one) => toCopy(one, receipts)),
    ...(alarmen.length > 0 && { alarmen }),
  };
}

export function trackOf(rooms: Rooms, row: OutboxRow): Track {
  const problem = rooms.store.problems.get(row.jti);
  return {
    ...summariseSent(rooms, row),
    tijdlijn: timeline(rooms, row),
    ...(problem && { probleem: problem.problem }),
  };
}

/** Receipts that count speak of the digest that was signed: others are refused before they get here. */
function toCopy({ oin, state, at }: Recipient, receipts: readonly ReceiptRow[]): Copy {
  const own = receipts.filter((one) => one.counted === 1 && one.recipient === oin);
  const telling = own.findLast((one) => one.state === state);
  return {
    oin,
    staat: state ?? 'wacht',
    ...(at !== null && { op: instant(at) }),
    staten: Object.fromEntries(
      own.toReversed().map((one) => [one.state, instant(one.stated * 1000)]),
    ),
    digestGelijk: own.some((one) => ['afgeleverd', 'verwerkt', 'afgewezen'].includes(one.state)),
    ...(telling?.code && { code: telling.code }),
    ...(telling?.referral && { doorverwijzing: telling.referral }),
    tegenstrijdig: own.some((one) => one.contradicts === 1),
  };
}

/** Receipts tell whole seconds: of those in one second the one that is further along came later. */
const inOrder = (a: ReceiptRow, b: ReceiptRow): number =>
  a.stated - b.stated || along(a.state, b.state) || a.received - b.received;

const along = (a: State, b: State): number => {
  if (a === b) return 0;
  return standing([a, b]) === a ? 1 : -1;
};

/** In the second in which the message was handed in, and yet not before. */
const within = (second: number, stored: number): number =>
  Math.floor(stored / 1000) === second ? stored : second * 1000;

function timeline({ store, oin }: Rooms, row: OutboxRow): Moment[] {
  const first: Moment = { op: instant(row.stored), staat: 'ingediend', door: oin };
  const told = store.receipts.of(row.jti).filter((one) => one.counted === 1);
  const moments = told.toSorted(inOrder).map((one) => ({
    op: instant(within(one.stated, row.stored)),
    staat: one.state,
    door: one.issuer,
    ...(one.recipient && { ontvanger: one.recipient }),
    ...(one.code && { code: one.code }),
    ...(one.contradicts === 1 && { tegenstrijdig: true as const }),
  }));
  const end: Moment = { op: instant(row.changed), staat: 'verlopen', door: oin };
  return [first, ...moments, ...(row.state === 'verlopen' ? [end] : [])];
}
