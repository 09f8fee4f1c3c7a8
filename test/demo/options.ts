/** What the demo can be asked for. */
import { parseArgs } from 'node:util';
import { CommandError } from '../../schemas/command.ts';
import type { KeyKind } from '../town/keys.ts';

export interface DemoOptions {
  readonly json: boolean;
  readonly stay: boolean;
  readonly help: boolean;
  readonly keys: KeyKind;
}

export const HELP = `usage: npm run demo -- [options]

Starts a broker, an authority, a router and the adapters of six made-up agencies as real processes
on this machine, and lets them carry the four flows of Ketenpost; then tries what must fail.

  --json       print the result as JSON on standard output, and nothing else there
  --stay       leave everything running, and say how to send a report of your own
  --keys KIND  rsa (RSA-3072, the default) or ec (P-256)
  --help       show this

Example:
  npm run demo -- --stay

Exit codes: 0 every line is as expected, 1 fault, 2 usage, 4 a line is not as expected.
`;

/** @throws CommandError usage */
export function readOptions(argv: readonly string[]): DemoOptions {
  const { json = false, stay = false, help = false, keys = 'rsa' } = parse(argv);
  if (keys === 'rsa' || keys === 'ec') return { json, stay, help, keys };
  throw new CommandError('usage', '--keys must be rsa or ec', 'see npm run demo -- --help');
}

function parse(argv: readonly string[]) {
  const boolean = { type: 'boolean' } as const;
  const options = {
    json: boolean,
    stay: boolean,
    help: boolean,
    keys: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    const what = error instanceof Error ? error.message : 'wrong options';
    throw new CommandError('usage', what, 'see npm run demo -- --help');
  }
}
