/**
 * Proves the ledger: computes the whole chain anew, holds every entry that is still there against
 * its leaf, checks the signature of every checkpoint, and holds the chain against the checkpoints
 * that others kept. Reads the stream or an export; believes neither.
 */
import type { Clock } from '../../schemas/clock.ts';
import type { Digest } from '../../schemas/ids.ts';
import type { Stored } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import { EMPTY_HEAD, type Link, leafOf, nextHead, readLink } from './chain.ts';
import type { Checkpoint, ReadCheckpoint } from './checkpoints.ts';
import { Entries } from './entries.ts';
import { EVENTS } from './events.ts';
import { readWitnesses, type Witnesses } from './witnesses.ts';

export interface Evidence {
  /** Links and checkpoints in order of sequence. Read before the entries, so that none is missed. */
  readonly chain: AsyncIterable<Stored>;
  readonly entries: AsyncIterable<Stored>;
  /** Checkpoints as adapters kept them. */
  readonly witnesses: readonly string[];
}

export interface VerifyOptions {
  readonly readCheckpoint: ReadCheckpoint;
  readonly clock: Clock;
  /** How long entries live: one that is gone sooner was taken away. */
  readonly lifeMs: number;
  readonly progress?: (entries: number) => void;
}

export interface LedgerFault {
  /** Such as `entry 12`, `link 3..9`, `checkpoint 40`, `witness line 2`. */
  readonly where: string;
  readonly why: string;
}

export interface Verdict {
  readonly ok: boolean;
  /** Entries in the chain. */
  readonly size: number;
  readonly head: Digest;
  /** Entries still there that equal their leaf. */
  readonly present: number;
  /** Entries past their life: the chain vouches for them. */
  readonly expired: number;
  /** Entries that the notary has not chained yet. */
  readonly unchained: number;
  readonly checkpoints: number;
  readonly witnesses: number;
  readonly faults: readonly LedgerFault[];
}

/** What is known of the chain while it is walked. */
interface Walk {
  size: number;
  head: Digest;
  /** The last number of the ledger stream that is chained. */
  last: number;
  present: number;
  expired: number;
  checkpoints: number;
  /** Numbers that were chained but are not there, until a checkpoint dates them. */
  absent: number[];
  seenAny: boolean;
}

export async function verifyLedger(evidence: Evidence, options: VerifyOptions): Promise<Verdict> {
  const faults: LedgerFault[] = [];
  const fault = (where: string, why: string) => faults.push({ where, why });
  const witnesses = await readWitnesses(evidence.witnesses, options.readCheckpoint, fault);
  const walk: Walk = {
    size: 0,
    head: EMPTY_HEAD,
    last: 0,
    present: 0,
    expired: 0,
    checkpoints: 0,
    absent: [],
    seenAny: false,
  };
  const chain = evidence.chain[Symbol.asyncIterator]();
  let record = await chain.next();
  const entries = new Entries(evidence.entries);
  for (; record.done !== true; record = await chain.next()) {
    const { value } = record;
    if (value.subject === subjects.chain('link')) {
      await walkLink(value, walk, entries, witnesses, fault);
      options.progress?.(walk.size);
    } else {
      await walkCheckpoint(value, walk, options, fault);
    }
  }
  for (const seq of walk.absent)
    fault(`entry ${seq}`, 'is gone, and no checkpoint says since when');
  witnesses.beyond(walk.size, fault);
  return {
    ok: faults.length === 0,
    size: walk.size,
    head: walk.head,
    present: walk.present,
    expired: walk.expired,
    unchained: await entries.rest(walk.last),
    checkpoints: walk.checkpoints,
    witnesses: evidence.witnesses.length,
    faults,
  };
}

type Say = (where: string, why: string) => void;

async function walkLink(
  record: Stored,
  walk: Walk,
  entries: Entries,
  witnesses: Witnesses,
  fault: Say,
): Promise<void> {
  let link: Link;
  try {
    link = readLink(record.data);
  } catch {
    return fault(`chain record ${record.seq}`, 'is not a link');
  }
  const name = `link ${link.from}..${link.to}`;
  checkContinues(link, walk, name, fault);
  for (const [at, leaf] of link.leaves.entries()) {
    walk.head = nextHead(walk.head, leaf);
    walk.size++;
    await walkEntry(link.from + at, leaf, walk, entries, fault);
    witnesses.compare(walk.size, walk.head, fault);
  }
  walk.last = Math.max(walk.last, link.to);
  if (link.size !== walk.size) fault(name, `says it ends at ${link.size}, it ends at ${walk.size}`);
  if (link.head !== walk.head) fault(name, 'its head does not follow from the leaves before it');
}

function checkContinues(link: Link, walk: Walk, name: string, fault: Say): void {
  if (link.from > walk.last + 1) {
    fault(name, `entries ${walk.last + 1}..${link.from - 1} before it were never chained`);
  }
  if (link.from <= walk.last) {
    const to = Math.min(link.to, walk.last);
    fault(
      name,
      `entries ${link.from}..${to} had been chained before as others: they were replaced`,
    );
  }
}

async function walkEntry(
  seq: number,
  leaf: Digest,
  walk: Walk,
  entries: Entries,
  fault: Say,
): Promise<void> {
  if (seq <= walk.last) return;
  const entry = await entries.at(seq);
  if (entry === undefined) {
    // Only from the front can entries expire; a hole behind one that is there was made.
    if (walk.seenAny) fault(`entry ${seq}`, 'is gone, though entries before it are there');
    else walk.absent.push(seq);
    return;
  }
  walk.seenAny = true;
  if (leafOf(entry.data) !== leaf) fault(`entry ${seq}`, 'is not the entry that was chained');
  else if (!isNamedRight(entry)) fault(`entry ${seq}`, 'stands under another kind than it says');
  else walk.present++;
}

function isNamedRight({ subject, data }: Stored): boolean {
  try {
    const { kind } = JSON.parse(Buffer.from(data).toString()) as { kind: string };
    return Object.hasOwn(EVENTS, kind) && subject === subjects.ledger(kind);
  } catch {
    return false;
  }
}

async function walkCheckpoint(
  record: Stored,
  walk: Walk,
  { readCheckpoint, clock, lifeMs }: VerifyOptions,
  fault: Say,
): Promise<void> {
  const name = `checkpoint over ${walk.size}`;
  let checkpoint: Checkpoint;
  try {
    checkpoint = await readCheckpoint(Buffer.from(record.data).toString('latin1'));
  } catch (error) {
    return fault(name, error instanceof Error ? error.message : 'cannot be read');
  }
  walk.checkpoints++;
  if (checkpoint.size !== walk.size) fault(name, `was signed over ${checkpoint.size} entries`);
  else if (checkpoint.head !== walk.head) fault(name, 'was signed over another history');
  // What the router signed this long ago was there then: it may have expired, or it was taken away.
  const since = clock.now() - checkpoint.at;
  if (since < lifeMs) {
    for (const seq of walk.absent) fault(`entry ${seq}`, 'is gone before the end of its life');
  } else walk.expired += walk.absent.length;
  walk.absent = [];
}
