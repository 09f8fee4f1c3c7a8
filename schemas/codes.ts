/**
 * Every code with which Ketenpost says no. The wire, docs/errors.md and the types come from these
 * tables; a test holds them equal (`npm run generate` after a change).
 *
 * `stage` is where it is said; `status` the HTTP status; `retry` whether the same message, sent
 * again unchanged, may succeed later.
 */
import { AFTER_CODES } from './codes/after.ts';
import { DOOR_CODES } from './codes/door.ts';
import type { CodeEntry, Stage } from './codes/entry.ts';
import { PIPELINE_CODES } from './codes/pipeline.ts';

export type { CodeEntry, Stage };

export const CODES = {
  ...DOOR_CODES,
  ...PIPELINE_CODES,
  ...AFTER_CODES,
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof CODES;

export const isCode = (value: unknown): value is Code =>
  typeof value === 'string' && Object.hasOwn(CODES, value);
