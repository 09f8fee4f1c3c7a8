/**
 * Runs a model test story after story: for some seconds in `npm test`, longer with `npm run model`.
 * When a story fails, the shortest one that fails is looked for and told, one step a line, with
 * the seed that brings it back.
 *
 *   KETENPOST_MODEL_SECONDS=300   how long stories are told
 *   KETENPOST_MODEL_SEED=123      that one story alone
 */
import fc from 'fast-check';

const SHORT_S = 8;
/** How long the shortest story is looked for. */
const SHRINK_S = 90;
const FIRST_SEED = 20_260_101;

const number = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || text === '' ? undefined : Number(text);
};

/** @returns how many stories were told */
export async function runModel<Ts>(property: fc.IAsyncProperty<Ts>): Promise<number> {
  const only = number('KETENPOST_MODEL_SEED');
  const seconds = number('KETENPOST_MODEL_SECONDS') ?? SHORT_S;
  // In `npm test` always the same stories, so that it is not by chance that they pass.
  const first = only ?? (seconds > SHORT_S ? Date.now() % 1_000_000_000 : FIRST_SEED);
  const end = Date.now() + seconds * 1000;
  for (let told = 0; ; told++) {
    if (told > 0 && (only !== undefined || Date.now() >= end)) return told;
    await tell(property, first + told);
  }
}

async function tell<Ts>(property: fc.IAsyncProperty<Ts>, seed: number): Promise<void> {
  const limits = { seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_S * 1000 };
  const found = await fc.check(property, limits);
  if (!found.failed) return;
  const { counterexample, errorInstance, numShrinks } = found;
  const why = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  const head = `KETENPOST_MODEL_SEED=${seed} brings it back; made shorter ${numShrinks} times`;
  throw new Error(`${why}\n\n${head}. The story:\n${String(counterexample)}\n`);
}
