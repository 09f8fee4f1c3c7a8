import type { Identity } from '../certs/keystore.ts';
import type { TrustStore } from '../certs/truststore.ts';
import type { Clock } from '../schemas/clock.ts';
import type { Bus } from './bus/bus.ts';
import { openConsultations } from './consultations.ts';
import type { DeadLetters } from './deadletters.ts';
import { ALARM_DEFAULTS } from './deadlines/settings.ts';
import { openDeadlines } from './deadlines.ts';
import { openFaultCounts } from './faultcounts.ts';
import { openIds } from './ids.ts';
import type { Ledger } from './ledger.ts';
import type { Log } from './log.ts';
import { MAILBOX_DEFAULTS } from './mailboxes/limit.ts';
import { Mailboxes } from './mailboxes.ts';
import type { Metrics } from './metrics.ts';
import { Receipts } from './receipts.ts';
import type { Register } from './registry.ts';
import type { RoomSettings, Rooms } from './rooms.ts';
import { openSubscriptions } from './subscriptions.ts';
import { openTurns } from './turns.ts';
import { NO_UNDERWORK, type UnderWork } from './underwork.ts';

export interface RoomParts {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly trust: TrustStore;
  readonly bus: Bus;
  /** Holds the register that is in use. */
  readonly register: { readonly current: Register };
  readonly ledger: Ledger;
  readonly deadletters: DeadLetters;
  readonly metrics: Metrics;
  readonly log: Log;
  /** See PipelineConfig.leaseSeconds. */
  readonly leaseMs: number;
  /** Absent: as router.yaml has it by default. */
  readonly settings?: Partial<RoomSettings>;
  readonly underWork?: UnderWork;
}

/** The rooms of one pipeline process, on what was opened before. */
export function openRooms(given: RoomParts): Rooms {
  const { register, leaseMs, settings = {}, underWork = NO_UNDERWORK, ...parts } = given;
  const { bus } = parts;
  return {
    ...parts,
    get registry() {
      return register.current;
    },
    ids: openIds(bus),
    mailboxes: new Mailboxes(bus, leaseMs),
    receipts: new Receipts(bus),
    deadlines: openDeadlines(bus),
    subscriptions: openSubscriptions(bus),
    consultations: openConsultations(bus),
    settings: { alarm: ALARM_DEFAULTS, mailbox: MAILBOX_DEFAULTS, ...settings },
    faults: openFaultCounts(),
    turns: openTurns(),
    underWork,
  };
}
