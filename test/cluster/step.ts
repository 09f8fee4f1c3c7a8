/** A step of the story of many machines: what happens to the cluster, under load. */
import type { Town } from '../town/town.ts';

export interface Stage {
  readonly town: Town;
  readonly quick: boolean;
  say(text: string): void;
  /** Lets the load run on. */
  run(seconds: number): Promise<void>;
  /** It is over: recovery is counted from here. */
  healed(): void;
}

export interface Step {
  readonly name: string;
  /** What happens, for the table. */
  readonly what: string;
  /** A planned step: the router may ask a sender to come again once, and not a second time. */
  readonly mustNotRefuse: boolean;
  act(stage: Stage): Promise<void>;
}

export interface Row {
  readonly name: string;
  readonly what: string;
  readonly offered: number;
  readonly accepted: number;
  readonly copies: number;
  readonly delivered: number;
  readonly told: number;
  readonly lost: number;
  readonly twice: number;
  /** Delivered copies of which the sender was not told. */
  readonly untold: number;
  /** Messages that the router took at the second offer. */
  readonly retried: number;
  /** Messages that it did not take at the second offer either, or refused. */
  readonly refusedBeyondRetry: number;
  readonly mustNotRefuse: boolean;
  readonly recoverySeconds: number;
  readonly ledgerWhole: boolean;
  readonly seconds: number;
}

export const isGood = (row: Row): boolean =>
  row.accepted > 0 &&
  row.accepted === row.offered &&
  row.lost === 0 &&
  row.twice === 0 &&
  row.untold === 0 &&
  row.ledgerWhole &&
  !(row.mustNotRefuse && row.refusedBeyondRetry > 0);
