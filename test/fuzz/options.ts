/** What `npm run fuzz` can be asked for. */
import { parseArgs } from 'node:util';
import { CommandError } from '../../schemas/command.ts';

export const HELP = `usage: npm run fuzz -- [options]

Throws made-up and spoilt values at every parser and at a real door, and holds each answer against a
law. Prints the seed, what was tried, what came back, and how large the router is.

  --minutes N  how long; 10 when absent, 0.5 will do for a look
  --seed N     the values of an earlier run again; the seed of a run is printed
  --help       show this

Example:
  npm run fuzz -- --minutes 2 --seed 7

Exit codes: 0 every law held and memory stayed flat; 1 not so; 2 usage.
`;

/** @param drawn the seed when none is given @throws CommandError usage */
export function readOptions(argv: readonly string[], drawn: number) {
  const { help = false, minutes = '10', seed = `${drawn}` } = parse(argv);
  const asked = { help, minutes: Number(minutes), seed: Number(seed) };
  if (!(asked.minutes > 0)) throw usage('--minutes must be a number above 0');
  if (!Number.isInteger(asked.seed)) throw usage('--seed must be a whole number');
  return asked;
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { minutes: text, seed: text, help: { type: 'boolean' } } as const;
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : 'wrong options');
  }
}

const usage = (what: string): CommandError =>
  new CommandError('usage', what, 'see npm run fuzz -- --help');
