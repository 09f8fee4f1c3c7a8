/** `npm run fault`: every fault for real, and a count after each. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { explain } from '../../explain.ts';
import { knowsSyncInterval } from '../../router/bus/durability.ts';
import { serverVersion } from '../../router/bus/server.ts';
import { EXITS } from '../../schemas/command.ts';
import { openTerminal, type Terminal } from '../../terminal.ts';
import { hasOwnMounts, waysApart } from './disk.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { LEGEND, toTable } from './report.ts';
import { STORIES } from './stories.ts';
import { tell } from './tell.ts';
import { isAllGood, isGood, type Told } from './told.ts';

const PER_SECOND = 10;

async function main(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal({ json: argv.includes('--json') });
  try {
    const options = readOptions(argv);
    if (options.help) return print(HELP.trimEnd());
    if (options.list)
      return print(STORIES.map((one) => `${one.name.padEnd(18)}${one.fault}`).join('\n'));
    return (await tryApart(argv)) ?? (await tellAll(options, terminal));
  } catch (error) {
    const { exit, ...failure } = explain(error);
    terminal.failure(failure);
    return EXITS[exit];
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return EXITS.ok;
}

/** Where it is possible all of it runs with mounts of its own, which go with the last process. */
function tryApart(argv: readonly string[]): Promise<number> | undefined {
  const way = hasOwnMounts() ? undefined : waysApart();
  if (way === undefined) return undefined;
  const [command = '', ...before] = way.command;
  const program = [...process.execArgv, fileURLToPath(import.meta.url), ...argv];
  const child = spawn(command, [...before, process.execPath, ...program], {
    stdio: 'inherit',
    env: { ...process.env, ...way.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill(signal));
  return new Promise((done) => child.once('exit', (code) => done(code ?? EXITS.fault)));
}

async function tellAll(options: Options, terminal: Terminal): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  const { quick, seed, json, keep, stories } = options;
  const server = serverOf();
  terminal.progress(
    `${stories.length} faults on ${server}, node ${process.versions.node}, ${availableParallelism()} cores, seed ${seed}`,
  );
  const all: Told[] = [];
  for (const [at, story] of stories.entries()) {
    const lead = `${at + 1}/${stories.length} ${story.name}`;
    const say = (text: string) => terminal.progress(`  … ${lead}: ${text}`);
    const told = await tell(story, { quick, seed: seed + at, perSecond: PER_SECOND, say, keep });
    all.push(told);
    terminal.progress(`${isGood(told) ? '✓' : told.notRun ? '-' : '✗'} ${lead}: ${summary(told)}`);
  }
  const result = {
    server,
    node: process.versions.node,
    cores: availableParallelism(),
    quick,
    seed,
  };
  if (json) print(JSON.stringify({ ...result, faults: all }, undefined, 2));
  else print(`${toTable(all, terminal.out)}\n\n${server}; seed ${seed}\n${remarks(all)}${LEGEND}`);
  return isAllGood(all) ? EXITS.ok : EXITS.failed;
}

function serverOf(): string {
  const version = serverVersion();
  const sync = knowsSyncInterval(version)
    ? 'sync_interval: always'
    : 'writes to disk about every two minutes';
  return `nats-server ${version} (${sync})`;
}

const summary = (told: Told): string =>
  told.notRun !== undefined
    ? `not run: needs ${told.notRun}`
    : (told.broken ??
      `${told.moments}; ${told.accepted} accepted, ${told.delivered} of ${told.copies} copies delivered, ${told.told} told, ${told.lost} lost, ${told.twice} twice; recovery ${told.recoverySeconds} s; ${told.seconds} s`);

const remarks = (all: readonly Told[]): string =>
  all.flatMap(({ name, remarks = [] }) => remarks.map((remark) => `${name}: ${remark}\n`)).join('');

process.exit(await main(process.argv.slice(2)));
