/** Where a notary that takes over has to go on. */
import type { Digest } from '../../schemas/ids.ts';
import type { Log } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import { EMPTY_HEAD, type Link, leafOf, readLink } from './chain.ts';

export interface Position {
  /** The last sequence of the chain stream: every append is fenced by it. */
  readonly chainSeq: number;
  readonly head: Digest;
  readonly size: number;
  /** The first entry of the ledger stream that is not in the chain. */
  readonly next: number;
  /** The first entry that was chained but is now gone or another, when there is one. */
  readonly broken?: number;
}

/**
 * Reads the end of the chain, and compares its last links with the entries that are there: a
 * broker that lost its last writes gives their numbers out again, and then those new entries must
 * be chained as what they are. What happened stays visible: the chain says those numbers twice.
 */
export async function findPosition(ledger: Log, chain: Log): Promise<Position> {
  // The state first: what is appended after this makes our own first append fail, as it should.
  const { last: chainSeq } = await chain.state();
  const found = await chain.last(subjects.chain('link'));
  if (found === null) return { chainSeq, head: EMPTY_HEAD, size: 0, next: 1 };
  const link = readLink(found.data);
  const { head, size } = link;
  const broken = await firstBroken(ledger, chain, link, found.seq);
  if (broken === undefined) return { chainSeq, head, size, next: link.to + 1 };
  return { chainSeq, head, size, next: broken, broken };
}

/** Walks back from the last link to the first entry that is not as it was chained. */
async function firstBroken(
  ledger: Log,
  chain: Log,
  last: Link,
  lastSeq: number,
): Promise<number | undefined> {
  let [link, seq]: [Link | undefined, number] = [last, lastSeq];
  let broken: number | undefined;
  while (link !== undefined) {
    const here = await compare(ledger, link);
    broken = here ?? broken;
    if (here !== link.from) return broken;
    [link, seq] = await linkBefore(chain, seq);
  }
  return broken;
}

/** The first entry of the link that is missing or different; entries that expired are neither. */
async function compare(ledger: Log, link: Link): Promise<number | undefined> {
  const { first, last } = await ledger.state();
  const from = Math.max(link.from, first);
  let seq = from;
  if (from <= link.to) {
    for await (const entry of ledger.list(subjects.ledger('*'), from)) {
      if (entry.seq > link.to) break;
      if (entry.seq !== seq || leafOf(entry.data) !== link.leaves[seq - link.from]) return seq;
      seq++;
    }
  }
  return seq <= link.to && last < link.to ? seq : undefined;
}

async function linkBefore(chain: Log, seq: number): Promise<[Link | undefined, number]> {
  for (let at = seq - 1; at >= 1; at--) {
    const found = await chain.get(at);
    if (found?.subject === subjects.chain('link')) return [readLink(found.data), at];
  }
  return [undefined, 0];
}
