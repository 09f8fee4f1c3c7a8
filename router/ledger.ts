/**
 * The ledger: what was decided and done, without content. Many writers append and never wait for
 * one another; one notary (ledger/notary.ts) chains what they wrote and signs checkpoints.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../schemas/clock.ts';
import { type Bus, BusFault, isConflict } from './bus/bus.ts';
import { subjects } from './bus/subjects.ts';
import { checkEntry, type LedgerEntry } from './ledger/events.ts';

export type { LedgerEntry, LedgerKind } from './ledger/events.ts';

export interface Ledger {
  /** Resolves when the entry has been stored. @throws BusFault when it cannot be: then nothing may go on */
  append(entry: LedgerEntry): Promise<void>;
  /** The latest signed checkpoint that is known here, at most some seconds old while there is traffic. */
  checkpoint(): string | undefined;
  /** Stops looking for new checkpoints. */
  stop(): void;
}

/** How often a process looks for the latest checkpoint, wherever the notary runs. */
const LOOK_MS = 1000;

/**
 * Opens the ledger for a process that writes to it.
 * @param onRewound told when the broker gives out a number that it gave out before: its store was put
 * back, or lost writes, and whatever this process remembers of it is no longer true
 */
export async function openLedger(options: {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly onRewound?: () => void;
}): Promise<Ledger> {
  const { bus, clock, onRewound = () => undefined } = options;
  const [log, chain] = [bus.log('LEDGER'), bus.log('CHAIN')];
  let latest = await readCheckpoint(chain);
  const timer = setInterval(async () => {
    // A broker that is away now is no reason to forget the checkpoint that was seen.
    latest = (await readCheckpoint(chain).catch(() => undefined)) ?? latest;
  }, LOOK_MS);
  timer.unref();
  let highest = 0;
  return {
    append: async (entry) => {
      const before = highest;
      const result = await log.put(subjects.ledger(entry.kind), entryBytes(entry, clock.now()));
      if (isConflict(result)) throw new BusFault('the ledger refused an entry');
      highest = Math.max(highest, result.seq);
      if (result.seq > before) return;
      onRewound();
      throw new BusFault('the ledger went back: the broker was restored, or lost writes');
    },
    checkpoint: () => latest,
    stop: () => clearInterval(timer),
  };
}

async function readCheckpoint(chain: ReturnType<Bus['log']>): Promise<string | undefined> {
  const found = await chain.last(subjects.chain('checkpoint'));
  return found === null ? undefined : Buffer.from(found.data).toString('latin1');
}

/** The exact bytes that are stored. The salt keeps the hash from telling what the entry said after it is gone. */
function entryBytes(entry: LedgerEntry, at: number): Uint8Array {
  checkEntry(entry);
  const { kind, ...fields } = entry;
  const salt = randomBytes(16).toString('base64url');
  return Buffer.from(JSON.stringify({ salt, kind, at, ...fields }));
}
