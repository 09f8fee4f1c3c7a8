/** The command line of the benchmark. */
import { Command, CommanderError } from 'commander';
import { CommandError } from '../schemas/command.ts';
import { CASES, type Case } from './cases.ts';
import { CROWD, type Crowd, FEW } from './clocks.ts';
import type { FloorOptions } from './floor.ts';
import type { Plan } from './path.ts';

export interface Options {
  readonly cases: readonly Case[];
  readonly plan: Plan;
  readonly floor: FloorOptions;
  readonly json: boolean;
  /** Also say where the time goes. */
  readonly profile: boolean;
  /** Only the floor, operation by operation. */
  readonly floorOnly: boolean;
  /** Many clocks and subscriptions instead of the path. */
  readonly clocks: Crowd | undefined;
}

/** Short counts: enough for figures that come back within some percent, in a few minutes. */
const SHORT: Plan = { window: 32, warmUp: { fresh: 3000, next: 400 }, seconds: 10 };
const QUICK: Plan = { window: 16, warmUp: { fresh: 100, next: 100 }, seconds: 3 };
const LONG: Plan = { ...SHORT, seconds: 30, count: 20_000 };

/** The one that is not of the path; it is measured by itself. */
const CLOCKS = 'clocks-and-subscriptions';

const HELP = `
By default all eight cases with short counts: six or seven minutes on two quiet cores. Progress goes to standard error.
Cases: ${CASES.map(({ name }) => name).join(', ')}
By itself: ${CLOCKS}, what many of them cost at an update and at a start

Examples:
  npm run bench                           all cases
  npm run bench -- --only rsa-2k-1,ec-2k-1
  npm run bench -- --long                 20,000 messages, one case of each profile
  npm run bench -- --only ec-2k-1 --profile   and where the time goes`;

/** @throws CommandError on a wrong option; CommanderError after --help has been printed */
export function readOptions(argv: readonly string[]): Options {
  const command = new Command('npm run bench --')
    .description('Measures the whole path with real processes, and its floors.')
    .option('--only <cases>', 'these cases, with commas between')
    .option('--quick', 'one small case, in half a minute')
    .option('--long', 'the long form: 20,000 messages at the top rate')
    .option('--window <n>', 'messages on their way at once when the top rate is sought')
    .option('--seconds <n>', 'seconds of each measurement')
    .option('--profile', 'profile the processes and say where the time goes')
    .option('--floor', 'only the cryptographic floor, operation by operation')
    .option('--json', 'print the results as JSON')
    .addHelpText('after', HELP)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  return optionsFrom(parse(command, argv));
}

type Given = Readonly<Record<string, string | boolean | undefined>>;

function parse(command: Command, argv: readonly string[]): Given {
  try {
    return command.parse([...argv], { from: 'user' }).opts();
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
    throw new CommandError(
      'usage',
      error.message.replace(/^error: /, ''),
      'npm run bench -- --help',
    );
  }
}

function optionsFrom(given: Given): Options {
  const clocks = given['only'] === CLOCKS;
  const base = given['quick'] ? QUICK : given['long'] ? LONG : SHORT;
  const window = numberOf(given, 'window') ?? base.window;
  const seconds = numberOf(given, 'seconds') ?? base.seconds;
  const few = given['quick'] || given['long'];
  const usual = few ? (given['quick'] ? 'ec-2k-1' : 'rsa-2k-1,ec-2k-1') : undefined;
  return {
    cases: clocks ? [] : casesFrom(String(given['only'] ?? usual ?? 'all')),
    clocks: clocks ? (given['quick'] ? FEW : CROWD) : undefined,
    plan: { ...base, window, seconds },
    floor: given['quick'] ? { rounds: 3, slice: 10 } : { rounds: 7, slice: 25 },
    json: given['json'] === true,
    profile: given['profile'] === true,
    floorOnly: given['floor'] === true,
  };
}

function casesFrom(only: string): readonly Case[] {
  if (only === 'all') return CASES;
  return only.split(',').map((name) => {
    const found = CASES.find((one) => one.name === name.trim());
    if (found !== undefined) return found;
    const names = CASES.map((one) => one.name).join(', ');
    throw new CommandError('usage', `there is no case ${name}`, `use one of ${names}`);
  });
}

function numberOf(given: Given, name: string): number | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new CommandError('usage', `--${name} needs a number above zero`, 'npm run bench -- --help');
}
