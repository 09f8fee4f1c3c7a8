/** What a row of the catalogue is. */

/** `file › name of the test`; the file below test/, without `.test.ts`; the name, or a part that is its own. */
export type TestName = `${string} › ${string}`;

export interface Tried {
  readonly id: string;
  /** What the attacker does. */
  readonly attack: string;
  /** What comes of it. */
  readonly outcome: string;
  /** Every code with which it ends, in the order of the alphabet; other words where no code is said. */
  readonly codes: readonly string[];
  readonly tests: readonly TestName[];
}

/** An attack for which there is nothing here that could be attacked. */
export interface Absent {
  readonly id: string;
  readonly attack: string;
  /** Why it does not apply. */
  readonly absent: string;
}

export type Row = Tried | Absent;
