import { createHash } from 'node:crypto';
import type { Digest } from '../schemas/ids.ts';

/** SHA-256 in base64url: how messages, receipts and certificates are named and compared. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return createHash('sha256').update(bytes).digest('base64url') as Digest;
}
