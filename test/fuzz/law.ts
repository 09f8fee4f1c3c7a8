/** What a law is: something that holds for whatever is drawn, tried for as long as there is time. */
import * as fc from 'fast-check';
import { cpuOf } from '../town/cost.ts';

export interface Law {
  readonly name: string;
  /** One property; it is run over and over with new seeds. */
  readonly property: fc.IAsyncPropertyWithHooks<never> | fc.IAsyncProperty<unknown>;
  /** How many at a time. */
  readonly runs: number;
}

/** A law about any drawn value. */
export const law = <T>(
  name: string,
  drawn: fc.Arbitrary<T>,
  holds: (value: T) => void | Promise<void>,
  runs = 100,
): Law => ({
  ...{ name, runs },
  property: fc.asyncProperty(drawn, async (value) => {
    const ms = await cpuOf(() => holds(value));
    if (ms > LONGEST_MS) throw new Error(`it took ${Math.round(ms)} ms of CPU`);
  }) as Law['property'],
});

/** No single value may cost more. */
const LONGEST_MS = 10_000;

/** @throws Error with law, seed and counterexample */
export async function uphold(
  { name, property, runs }: Law,
  seed: number,
  times = runs,
): Promise<void> {
  const details = await fc.check(property as fc.IAsyncProperty<unknown>, {
    ...{ seed, numRuns: times },
    includeErrorInReport: true,
  });
  if (!details.failed) return;
  throw new Error(`law "${name}", seed ${seed}:\n${fc.defaultReportMessage(details as never)}`);
}
