/**
 * The notary: chains the entries of the ledger in the order in which the broker stored them, and
 * signs checkpoints. Any number may run; the lease lets one work, and the fence on each append
 * makes a second one harmless.
 */
import { randomUUID } from 'node:crypto';
import type { SigningKey } from '../../certs/keys.ts';
import { sign } from '../../certs/sign.ts';
import { type Clock, seconds } from '../../schemas/clock.ts';
import type { Waarmerk } from '../../schemas/generated/wire.ts';
import { type Digest, toUrn } from '../../schemas/ids.ts';
import { type Bus, isConflict } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import { openLease } from '../lease.ts';
import { extend, leafOf, linkBytes } from './chain.ts';
import { CHECKPOINT_TYP } from './checkpoints.ts';
import { findPosition, type Position } from './position.ts';

export interface NotaryOptions {
  readonly bus: Bus;
  /** The router's key for authenticity. */
  readonly key: SigningKey;
  readonly clock: Clock;
  /** The longest that an entry waits to be chained. */
  readonly everyMs?: number;
  /** The least time between two checkpoints: a signature costs as much as thousands of hashes. */
  readonly checkpointMs?: number;
  readonly leaseMs?: number;
  /** Told what goes wrong; the notary goes on. */
  readonly onFault?: (fault: NotaryFault) => void;
}

/** `broken`: an entry that had been chained is gone or another. `failed`: this round did not work. */
export type NotaryFault =
  | { readonly kind: 'broken'; readonly entry: number }
  | { readonly kind: 'failed'; readonly cause: unknown };

export interface Notary {
  /** Finishes the round under way, chains what is there, and gives the lease back. */
  stop(): Promise<void>;
}

/** Leaves in one link: some 46 kB. */
const LONGEST_LINK = 1000;

export async function startNotary(options: NotaryOptions): Promise<Notary> {
  const { everyMs = 250, leaseMs = 10_000, onFault = () => {}, bus, clock } = options;
  const holder = randomUUID();
  const bucket = await bus.bucket('lease');
  const lease = openLease({ bucket, key: 'notary', holder, lengthMs: leaseMs, clock });
  const round = new Rounds(options, onFault);
  let [stopping, wake] = [false, () => {}];

  const work = (async () => {
    while (!stopping) {
      await step();
      await new Promise<void>((next) => {
        const timer = setTimeout(next, everyMs);
        wake = () => {
          clearTimeout(timer);
          next();
        };
        if (stopping) wake();
      });
    }
    await step();
    await lease.release().catch(() => undefined);
  })();

  async function step(): Promise<void> {
    try {
      if (await lease.hold()) await round.run(() => lease.hold());
      else round.forget();
    } catch (cause) {
      round.forget();
      onFault({ kind: 'failed', cause });
    }
  }
  return {
    async stop() {
      stopping = true;
      wake();
      await work;
    },
  };
}

/** The work of the one that holds the lease. */
class Rounds {
  readonly #options: NotaryOptions;
  readonly #onFault: (fault: NotaryFault) => void;
  #at: Position | undefined;
  /** The size that the last checkpoint covers, and when it was signed. */
  #signed = { size: 0, at: Number.NEGATIVE_INFINITY };

  constructor(options: NotaryOptions, onFault: (fault: NotaryFault) => void) {
    this.#options = options;
    this.#onFault = onFault;
  }

  /** Another may have written since: find the end of the chain again before the next append. */
  forget(): void {
    this.#at = undefined;
  }

  /** Chains what is new. Stops in the middle when the lease is no longer ours or another appended. */
  async run(stillOurs: () => Promise<boolean>): Promise<void> {
    const ledger = this.#options.bus.log('LEDGER');
    let at = this.#at ?? (await this.#find());
    if ((await ledger.state()).last >= at.next) {
      for await (const { from, leaves } of batches(ledger, at.next)) {
        const extended = (await stillOurs()) ? await this.#append(at, from, leaves) : undefined;
        if (extended === undefined) return this.forget();
        at = extended;
        this.#at = at;
      }
    }
    await this.#checkpoint(at);
  }

  async #find(): Promise<Position> {
    const { bus } = this.#options;
    const at = await findPosition(bus.log('LEDGER'), bus.log('CHAIN'));
    if (at.broken !== undefined) this.#onFault({ kind: 'broken', entry: at.broken });
    this.#at = at;
    return at;
  }

  async #append(
    at: Position,
    from: number,
    leaves: readonly Digest[],
  ): Promise<Position | undefined> {
    const link = extend(at, from, leaves);
    const put = await this.#put('link', linkBytes(link), at.chainSeq);
    if (put === undefined) return undefined;
    return { chainSeq: put, head: link.head, size: link.size, next: link.to + 1 };
  }

  async #checkpoint(at: Position): Promise<void> {
    const { clock, key, checkpointMs = 1000 } = this.#options;
    const due = clock.now() - this.#signed.at >= checkpointMs;
    if (at.size === 0 || at.size === this.#signed.size || !due) return;
    const claims: Waarmerk = {
      iss: toUrn(key.oin),
      iat: seconds(clock),
      omvang: at.size,
      hoofd: at.head,
    };
    const jws = await sign(claims, CHECKPOINT_TYP, key);
    const put = await this.#put('checkpoint', Buffer.from(jws), at.chainSeq);
    if (put === undefined) return this.forget();
    this.#at = { ...at, chainSeq: put };
    this.#signed = { size: at.size, at: clock.now() };
  }

  /** @returns the sequence, or nothing when somebody else had appended */
  async #put(kind: 'link' | 'checkpoint', data: Uint8Array, fence: number) {
    const chain = this.#options.bus.log('CHAIN');
    const result = await chain.put(subjects.chain(kind), data, { expectStream: fence });
    return isConflict(result) ? undefined : result.seq;
  }
}

/** Leaves of unbroken runs of entries: a link never spans a number that is missing. */
async function* batches(ledger: ReturnType<Bus['log']>, next: number) {
  let [from, leaves]: [number, Digest[]] = [next, []];
  for await (const { seq, data } of ledger.list(subjects.ledger('*'), next)) {
    if (leaves.length === LONGEST_LINK || seq !== from + leaves.length) {
      if (leaves.length > 0) yield { from, leaves };
      [from, leaves] = [seq, []];
    }
    leaves.push(leafOf(data));
  }
  if (leaves.length > 0) yield { from, leaves };
}
