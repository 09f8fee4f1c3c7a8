/** What the fault suite can be asked for. */
import { parseArgs } from 'node:util';
import { CommandError } from '../../schemas/command.ts';
import { STORIES } from './stories.ts';
import type { Story } from './story.ts';

export interface Options {
  readonly stories: readonly Story[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly list: boolean;
  readonly help: boolean;
  readonly keep: boolean;
  readonly seed: number;
}

export const HELP = `usage: npm run fault -- [options]

Lets reports flow through a whole town (a broker, a router, four adapters as real processes), makes
each fault happen for real, mends it, and counts what became of every report at both ends.

  --only NAMES  these faults, with commas between
  --list        the faults by name
  --quick       fewer moments: about ten minutes on two cores
  --seed N      picks the moments; the seed of a run is printed
  --keep        keep the folders with logs and stores of faults that did not pass
  --json        print the results as JSON on standard output, and nothing else there
  --help        show this

Examples:
  npm run fault -- --quick
  npm run fault -- --only broker,pipeline --seed 7

Exit codes: 0 nothing lost, nothing twice, every ledger whole; 1 fault of the suite; 2 usage; 4 not so.
`;

/** @throws CommandError usage */
export function readOptions(argv: readonly string[]): Options {
  const given = parse(argv);
  const { quick = false, json = false, list = false, help = false, keep = false } = given;
  return { quick, json, list, help, keep, seed: seedOf(given.seed), stories: named(given.only) };
}

function parse(argv: readonly string[]) {
  const boolean = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const flags = { quick: boolean, json: boolean, list: boolean, help: boolean, keep: boolean };
  try {
    const options = { ...flags, only: text, seed: text } as const;
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : 'wrong options');
  }
}

const usage = (what: string): CommandError =>
  new CommandError('usage', what, 'see npm run fault -- --help');

function seedOf(text: string | undefined): number {
  if (text === undefined) return Date.now() % 1_000_000;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usage('--seed must be a whole number');
}

function named(only: string | undefined): readonly Story[] {
  if (only === undefined) return STORIES;
  return only.split(',').map((name) => {
    const found = STORIES.find((story) => story.name === name.trim());
    if (found !== undefined) return found;
    throw usage(`there is no fault ${name}; see --list`);
  });
}
