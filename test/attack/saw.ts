/**
 * How an attack ended, told by the test that made it: the run of the catalogue reads it from the
 * output of the test and holds it against what the catalogue promises.
 */
import type { RowId } from './catalogue.ts';

export interface Seen {
  readonly id: RowId;
  readonly code: string;
  /** What was measured, when something was. */
  readonly figure?: string;
}

const MARK = '@attack ';

export function saw(id: RowId, code: string, figure?: string): void {
  const seen: Seen = { id, code, ...(figure !== undefined && { figure }) };
  process.stdout.write(`\n${MARK}${JSON.stringify(seen)}\n`);
}

/** Everything that was told in the output of a test. */
export const readSeen = (output: string): Seen[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith(MARK))
    .map((line) => JSON.parse(line.slice(MARK.length)) as Seen);
