/** What came of one story, and whether it is good. */
import type { Counts } from './count.ts';
import type { Acted } from './story.ts';

export interface Told extends Counts, Acted {
  readonly name: string;
  readonly fault: string;
  /** Why it was not told; the counts mean nothing then. */
  readonly notRun?: string;
  /** What broke the story off. */
  readonly broken?: string;
  readonly turnedAway: number;
  readonly recoverySeconds: number;
  readonly ledgerWhole: boolean;
  readonly seconds: number;
}

export const isGood = (told: Told): boolean =>
  told.broken === undefined &&
  told.notRun === undefined &&
  told.lost === 0 &&
  told.twice === 0 &&
  told.unknown === 0 &&
  told.accepted > 0 &&
  told.detected !== false &&
  told.ledgerWhole;

/** Good, or not to be told on this machine: that is no failure, and no pass. */
export const isAllGood = (all: readonly Told[]): boolean =>
  all.every((told) => told.notRun !== undefined || isGood(told)) && all.some(isGood);
