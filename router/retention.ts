/**
 * Retention: nothing stays longer than the law says. One pipeline at a time searches mailboxes and
 * dead letters every hour for what should have gone; every pipeline can tell the operator what is there.
 */
import { randomUUID } from 'node:crypto';
import { subjects } from './bus/subjects.ts';
import { type Lease, openLease } from './lease.ts';
import { countContents } from './retention/holdings.ts';
import { HOUR } from './retention/limits.ts';
import { type Round, sweep } from './retention/sweep.ts';
import type { Rooms } from './rooms.ts';

const LEASE_MS = 30_000;
/** Holds the last round, for whichever pipeline is asked. */
const ROUND_KEY = 'retention-round';
const GROUP = 'pipeline';

export interface RetentionOptions {
  readonly everyMs?: number;
  /** Tests give one of their own. */
  readonly lease?: Lease;
}

/** @returns how to stop: a round under way ends at its next item */
export async function startRetention(
  rooms: Rooms,
  { everyMs = HOUR, lease }: RetentionOptions = {},
): Promise<() => Promise<void>> {
  const held = lease ?? (await ownLease(rooms));
  let [stopping, round] = [false, Promise.resolve()];
  const mayGoOn = async () => !stopping && (await held.hold());
  const turn = async () => {
    try {
      if (!(await isTime(rooms, everyMs)) || !(await mayGoOn())) return;
      await keepRound(rooms, await sweep(rooms, mayGoOn));
    } catch (err) {
      rooms.metrics.countFault('retention');
      rooms.log.error({ err }, 'retention failed');
    }
  };
  const again = () => {
    round = round.then(turn);
  };
  again();
  const timer = setInterval(again, everyMs);
  const stopTelling = await serveHoldings(rooms);
  return async () => {
    stopping = true;
    clearInterval(timer);
    await stopTelling();
    await round;
    await held.release().catch(() => undefined);
  };
}

async function ownLease({ bus, clock }: Rooms): Promise<Lease> {
  const bucket = await bus.bucket('lease');
  const holder = randomUUID();
  return openLease({ bucket, key: 'retention', holder, lengthMs: LEASE_MS, clock });
}

/** Many pipelines each look once an hour; together they do it once. */
async function isTime(rooms: Rooms, everyMs: number): Promise<boolean> {
  const last = await lastRound(rooms);
  return last === null || Math.abs(rooms.clock.now() - last.at) >= everyMs / 2;
}

async function keepRound({ bus, log }: Rooms, round: Round): Promise<void> {
  if (round.erased > 0 || round.failed > 0) log.warn({ ...round }, 'retention');
  const bucket = await bus.bucket('lease');
  await bucket.put(ROUND_KEY, Buffer.from(JSON.stringify(round)));
}

async function lastRound({ bus }: Rooms): Promise<Round | null> {
  const found = await (await bus.bucket('lease')).get(ROUND_KEY);
  return found === null ? null : JSON.parse(Buffer.from(found.value).toString());
}

/** The operator may know how much and how old; the mail itself stays out of the admin's reach. */
const serveHoldings = (rooms: Rooms): Promise<() => Promise<void>> =>
  rooms.bus.serve(subjects.holdings, GROUP, async () => {
    try {
      return Buffer.from(JSON.stringify(await countContents(rooms, await lastRound(rooms))));
    } catch (err) {
      rooms.metrics.countFault('retention');
      rooms.log.error({ err }, 'what is kept could not be counted');
      throw err;
    }
  });
