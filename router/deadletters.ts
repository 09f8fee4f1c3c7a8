/**
 * Submissions that could not be worked on, kept apart in three piles with the story of what
 * happened and the sealed bytes: partner (its own fault), poison (breaks the pipeline each time),
 * ours (a fault of ours that lasted). Nobody can read them here; they can be offered again.
 */
import type { Digest, Oin, Uuid7 } from '../schemas/generated/wire.ts';

export const PILES = ['partner', 'poison', 'ours'] as const;
export type Pile = (typeof PILES)[number];

export interface Story {
  readonly pile: Pile;
  /** Who sent it, once the signature has been verified. */
  readonly sender?: Oin | undefined;
  readonly jti?: Uuid7 | undefined;
  /** Which agency the door saw, and in which lane: what a redrive must say again. */
  readonly peer: Oin;
  readonly prio: 'spoed' | 'normaal';
  /** Where it went wrong and how: a stage, and a code or the name of an error. Never its text. */
  readonly stage: string;
  readonly cause: string;
  readonly attempts: number;
}

export interface DeadLetter extends Story {
  readonly id: string;
  /** SHA-256 of the sealed bytes. */
  readonly dig: Digest;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly parkedAt: number;
}

export interface DeadLetters {
  /** Stores the submission; the same one parked twice is there once. Also told in the ledger. */
  park(story: Story, submission: Uint8Array): Promise<void>;
}
