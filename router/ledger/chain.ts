/**
 * The chain of hashes over the ledger. Each entry is a leaf; each head covers all leaves before it
 * and is the same however they were put together into links.
 *
 *   leaf  = SHA-256(0x00 ‖ the exact bytes of the entry, in which a salt of 128 bits stands)
 *   head₀ = 32 zero bytes
 *   headₙ = SHA-256(0x01 ‖ headₙ₋₁ ‖ leafₙ)
 */
import { createHash } from 'node:crypto';
import type { Digest } from '../../schemas/ids.ts';
import { parseDigest } from '../../schemas/ids.ts';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

const base64url = (bytes: Uint8Array): Digest => Buffer.from(bytes).toString('base64url') as Digest;
const raw = (digest: Digest): Buffer => Buffer.from(digest, 'base64url');

export const EMPTY_HEAD: Digest = base64url(new Uint8Array(32));

export const leafOf = (entry: Uint8Array): Digest =>
  base64url(createHash('sha256').update(LEAF).update(entry).digest());

export const nextHead = (head: Digest, leaf: Digest): Digest =>
  base64url(createHash('sha256').update(NODE).update(raw(head)).update(raw(leaf)).digest());

/** The leaves of the entries `from` to `to` of the ledger stream, as the notary appends them. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly leaves: readonly Digest[];
  /** Leaves in the whole chain, these included. */
  readonly size: number;
  readonly head: Digest;
}

export const linkBytes = (link: Link): Uint8Array => Buffer.from(JSON.stringify(link));

/** @throws Error when the bytes are not a link */
export function readLink(bytes: Uint8Array): Link {
  const { from, to, leaves, size, head } = JSON.parse(Buffer.from(bytes).toString()) as Link;
  if (![from, to, size].every(Number.isSafeInteger) || !Array.isArray(leaves)) {
    throw new Error('not a link');
  }
  if (leaves.length !== to - from + 1) throw new Error('a link with another number of leaves');
  return { from, to, size, leaves: leaves.map(parseDigest), head: parseDigest(head) };
}

/** The link that continues a chain with these leaves. */
export function extend(
  chain: { readonly head: Digest; readonly size: number },
  from: number,
  leaves: readonly Digest[],
): Link {
  return {
    from,
    to: from + leaves.length - 1,
    leaves,
    size: chain.size + leaves.length,
    head: leaves.reduce(nextHead, chain.head),
  };
}
