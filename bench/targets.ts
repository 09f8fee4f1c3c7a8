/** What the path should reach on two cores with Node 20. */
import type { Profile } from './cases.ts';

const MB = 1024 * 1024;

export const TARGETS = {
  /** CPU over the whole path, as a multiple of its cryptographic floor. */
  ratio: { rsa: 1.6, ec: 4 } satisfies Record<Profile, number>,
  /** Milliseconds, at half of the top rate. */
  p99: 150,
  /** Bytes resident. */
  memory: { router: 250 * MB, adapter: 150 * MB },
} as const;
