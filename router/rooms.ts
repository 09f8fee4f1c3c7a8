/** The rooms that the steps of a message's path may ask. Steps keep nothing; rooms do. */
import type { Identity } from '../certs/keystore.ts';
import type { TrustStore } from '../certs/truststore.ts';
import type { Clock } from '../schemas/clock.ts';
import type { Bus } from './bus/bus.ts';
import type { Consultations } from './consultations.ts';
import type { DeadLetters } from './deadletters.ts';
import type { AlarmSettings } from './deadlines/settings.ts';
import type { Deadlines } from './deadlines.ts';
import type { FaultCounts } from './faultcounts.ts';
import type { Ids } from './ids.ts';
import type { Ledger } from './ledger.ts';
import type { Log } from './log.ts';
import type { MailboxSettings } from './mailboxes/limit.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Metrics } from './metrics.ts';
import type { Receipts } from './receipts.ts';
import type { Register } from './registry.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { Turns } from './turns.ts';
import type { UnderWork } from './underwork.ts';

/** What an operator sets (router.yaml) and steps look at. */
export interface RoomSettings {
  readonly alarm: AlarmSettings;
  readonly mailbox: MailboxSettings;
}

export interface Rooms {
  readonly clock: Clock;
  /** The router's own OIN and keys. */
  readonly identity: Identity;
  readonly trust: TrustStore;
  readonly bus: Bus;
  /** The register as it stands now. Whoever needs it twice to be the same keeps what it was given. */
  readonly registry: Register;
  readonly ids: Ids;
  readonly mailboxes: Mailboxes;
  readonly receipts: Receipts;
  readonly ledger: Ledger;
  readonly deadlines: Deadlines;
  readonly consultations: Consultations;
  readonly subscriptions: Subscriptions;
  readonly deadletters: DeadLetters;
  readonly faults: FaultCounts;
  readonly turns: Turns;
  readonly underWork: UnderWork;
  readonly settings: RoomSettings;
  readonly metrics: Metrics;
  readonly log: Log;
}
