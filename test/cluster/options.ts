/** What the story of many machines can be asked for. */
import { parseArgs } from 'node:util';
import { CommandError } from '../../schemas/command.ts';
import type { Step } from './step.ts';
import { STEPS } from './steps.ts';

export interface Options {
  readonly steps: readonly Step[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly keep: boolean;
}

export const HELP = `usage: npm run cluster -- [options]

Three brokers in a cluster that keep each stream three times, three pipelines, two doors behind a
balancer, and the adapters of four agencies, as real processes on loopback. Under a steady load parts
are killed, stopped and restarted, and after each step it is counted what became of every report.

  --only NAMES  these steps, with commas between: ${STEPS.map(({ name }) => name).join(', ')}
  --quick       shorter pauses and half the load: some two minutes instead of some four
  --keep        keep the folder with the logs and stores
  --json        print the results as JSON on standard output, and nothing else there
  --help        show this

Another nats-server is named in NATS_SERVER_BIN.

Exit codes: 0 nothing lost, nothing twice, all told, the ledger whole, and no planned step refused a
message beyond a retry; 1 fault of the suite; 2 usage; 4 not so.
`;

/** @throws CommandError usage */
export function readOptions(argv: readonly string[]): Options {
  const { quick = false, json = false, help = false, keep = false, only } = parse(argv);
  return { quick, json, help, keep, steps: named(only) };
}

function parse(argv: readonly string[]) {
  const boolean = { type: 'boolean' } as const;
  const flags = { quick: boolean, json: boolean, help: boolean, keep: boolean };
  try {
    const options = { ...flags, only: { type: 'string' } } as const;
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : 'wrong options');
  }
}

const usage = (what: string): CommandError =>
  new CommandError('usage', what, 'see npm run cluster -- --help');

function named(only: string | undefined): readonly Step[] {
  if (only === undefined) return STEPS;
  return only.split(',').map((name) => {
    const found = STEPS.find((step) => step.name === name.trim());
    if (found !== undefined) return found;
    throw usage(`there is no step ${name}`);
  });
}
