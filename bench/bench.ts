/**
 * The benchmark: the path with real processes, and its floors, case by case. `npm run bench -- --help`
 * says what can be asked; bench/README.md says what is measured and how.
 */
import { loadavg } from 'node:os';
import { explain, isShownHelp } from '../explain.ts';
import { EXITS } from '../schemas/command.ts';
import { openTerminal } from '../terminal.ts';
import type { Case, Profile } from './cases.ts';
import { type Crowd, measureClocks } from './clocks.ts';
import { clocksReport } from './clocks-report.ts';
import { configuration } from './configuration.ts';
import { measureJetstreamFloor } from './floor-jetstream.ts';
import { measureFloors } from './floors.ts';
import { type Options, readOptions } from './options.ts';
import { measurePath, type Progress, profilePath } from './path.ts';
import { floorReport, report } from './report.ts';
import type { Result } from './results.ts';
import { openStreet, type Street } from './street.ts';

const argv = process.argv.slice(2);
const json = argv.includes('--json');
const terminal = openTerminal({ json });
const progress: Progress = (text) => process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const options = readOptions(argv);
  if (options.floorOnly) return printFloors(options);
  if (options.clocks !== undefined) return printClocks(options.clocks);
  const made = configuration();
  const results = await measureAll(options);
  if (json) terminal.line(JSON.stringify({ made, plan: options.plan, results }, null, 2));
  else terminal.line(report(results, made, terminal.out));
}

async function printFloors({ cases, floor }: Options): Promise<void> {
  for (const of of cases) {
    const floors = await measureFloors(of, floor);
    terminal.line(`\n${of.name}\n${floorReport(floors, terminal.out)}`);
  }
}

async function printClocks(crowd: Crowd): Promise<void> {
  const made = configuration();
  const result = await measureClocks(crowd, progress);
  if (json) terminal.line(JSON.stringify({ made, ...result }, null, 2));
  else terminal.line(clocksReport(result, made, terminal.out));
}

/** One town for each key profile; the cases of a profile take turns in it. */
async function measureAll(options: Options): Promise<Result[]> {
  const results: Result[] = [];
  for (const profile of new Set(options.cases.map((one) => one.profile))) {
    const cases = options.cases.filter((one) => one.profile === profile);
    results.push(...(await measureProfile(profile, cases, options)));
  }
  return results;
}

async function measureProfile(
  profile: Profile,
  cases: readonly Case[],
  options: Options,
): Promise<Result[]> {
  const street = await openStreet({
    ...{ keys: profile, profiling: options.profile },
    progress: (text) => progress(`${profile}: ${text}`),
  });
  try {
    const results: Result[] = [];
    for (const of of cases) results.push(await measureCase(street, of, options));
    return results;
  } finally {
    await street.close();
  }
}

/** The floor is measured next to the path, so that both meet the same machine. */
async function measureCase(street: Street, of: Case, options: Options): Promise<Result> {
  const load = loadavg()[0] ?? 0;
  progress(`${of.name}: the floors`);
  const floor = await measureFloors(of, options.floor);
  const writes = { window: options.plan.window, count: 50 * options.plan.seconds };
  const jetstream = await measureJetstreamFloor(of, writes);
  const path = await measurePath(street, of, options.plan, progress);
  const measured = { case: of, path, floor, jetstream, load };
  if (!options.profile) return measured;
  return { ...measured, profile: await profilePath(street, of, options.plan, progress) };
}

try {
  await main();
} catch (error) {
  if (!isShownHelp(error)) {
    const { exit, ...failure } = explain(error);
    terminal.failure(failure);
    process.exitCode = EXITS[exit];
  }
}
