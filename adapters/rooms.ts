/** What the steps of one agency may ask of the rooms around them. */
import type { Certificate, Use } from '../certs/certificate.ts';
import type { Grounds } from '../certs/grounds.ts';
import type { Identity } from '../certs/keystore.ts';
import type { Clock } from '../schemas/clock.ts';
import type { Oin } from '../schemas/ids.ts';
import type { SourceLine } from './dataref/source-line.ts';
import type { Directory } from './directory.ts';
import type { Door } from './door.ts';
import type { Log } from './log.ts';
import type { Radar } from './radar.ts';
import type { Told } from './store/alarms.ts';
import type { Channel } from './store/handovers.ts';
import type { Store } from './store/store.ts';
import type { Ticket } from './ticket.ts';

export interface Judge {
  /**
   * Whether a certificate may be used for this.
   * @param when.at when it was used, @param when.now when we look, @param when.seen when the router
   *   saw it first; all in milliseconds
   * @throws Refusal certificate-… or revocation-unknown
   */
  judge(certificate: Certificate, when: { use: Use; at: number; now: number; seen?: number }): void;
  /** What a verdict rests on now; empty where nothing is kept. */
  groundsOf?(certificate: Certificate): Grounds;
  /** Whom we trust by. */
  readonly pinned?: readonly Certificate[];
}

/** Wakes the loops that have work. */
export interface Rings {
  outbox(): void;
  replies(): void;
  handovers(): void;
  /** An alarm was raised, seen or ended: whoever tells of it has work. */
  alarms(): void;
  /** Something changed that may raise or end an alarm. */
  watch(): void;
}

export interface Rooms {
  readonly oin: Oin;
  readonly router: Oin;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly trust: Judge;
  readonly door: Door;
  readonly ticket: Ticket;
  readonly directory: Directory;
  /** Where we fetch what events point to. */
  readonly sources: SourceLine;
  readonly store: Store;
  /** Whether this is the only store of the agency; true when absent. */
  readonly alone?: boolean;
  readonly log: Log;
  readonly rings: Rings;
  /** Points out reports about the same people; of a Veilig Thuis. */
  readonly radar?: Radar;
  /** Where received messages are handed over, besides lying in the inbox. */
  readonly channels: readonly Channel[];
  /** The folder that files are exchanged by. */
  readonly folder?: string;
  /** Where alarms are told, besides in the lists. */
  readonly told: Told;
  /** No wait between two tries is longer; absent = as schedule.ts has it. */
  readonly longestWaitMs?: number;
}
