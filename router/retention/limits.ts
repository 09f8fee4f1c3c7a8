/**
 * How long anything may be kept in the router, and by which law: in one table, that the sweep, the
 * report and docs/retention.md read. Sources: Regeling CORV art. 4 (body, traffic data), AVG art. 5
 * (no longer than is needed).
 */
import { SIX_MONTHS, type StreamName, TRAFFIC_DAYS } from '../bus/streams.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A body must be gone this long after its recipient's receipt, whatever went wrong at the receipt itself. */
export const AFTER_RECEIPT = DAY;
/** What goes at the receipt needs a moment; before this has passed nobody looks whether it went. */
export const GRACE = 10 * MINUTE;
/** A copy past its end is told of and erased within this. */
export const AFTER_END = DAY;
/** An older submission is refused as stale, so that a dead letter this old can never be accepted any more. */
export const LETTER_HORIZON = 5 * DAY + HOUR;
/** Traffic data that waits for its addressee: a receipt or an alarm in a mailbox. */
export const TRAFFIC = TRAFFIC_DAYS * DAY;

export interface Limit {
  readonly keeps: 'bodies' | 'traffic data' | 'hashes' | 'register' | 'work';
  /** The age in days past which nothing may be there; null = it may stay. */
  readonly days: number | null;
  readonly law: string;
}

const CORV_TRAFFIC = 'traffic data at most 6 months (Regeling CORV art. 4(2))';

export const LIMITS: Readonly<Record<StreamName, Limit>> = {
  MAILBOX: {
    keeps: 'bodies',
    // Of a body: see the copies. This is for receipts and alarms that nobody collects.
    days: SIX_MONTHS,
    law: 'a body at most 24 h after the receipt (Regeling CORV art. 4(1))',
  },
  RECEIPT: { keeps: 'traffic data', days: SIX_MONTHS, law: CORV_TRAFFIC },
  ID: { keeps: 'traffic data', days: SIX_MONTHS, law: CORV_TRAFFIC },
  LEDGER: { keeps: 'traffic data', days: SIX_MONTHS, law: CORV_TRAFFIC },
  CHAIN: { keeps: 'hashes', days: null, law: 'salted hashes and signatures: about nobody' },
  DEADLETTER: {
    keeps: 'bodies',
    days: 7,
    law: 'no longer than it can still be accepted (AVG art. 5(1)(e))',
  },
  KV_registry: { keeps: 'register', days: null, law: 'who took part: about agencies only' },
  KV_lease: { keeps: 'work', days: null, law: 'no message' },
  KV_deadlines: { keeps: 'work', days: null, law: 'ids and times, gone with the deadline' },
  KV_raadplegingen: { keeps: 'traffic data', days: SIX_MONTHS, law: CORV_TRAFFIC },
  KV_abonnementen: {
    keeps: 'work',
    days: null,
    law: 'opaque case references, gone with the subscription (at most a year, and 30 days of its end; 170 of a suspended subscriber)',
  },
  KV_pins: { keeps: 'register', days: null, law: 'one number: about nobody' },
};
