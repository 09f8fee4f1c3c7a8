#!/usr/bin/env node
/**
 * The command line. It finds the command, loads the one room it needs, parses, runs, prints the
 * report and sets the exit code. Commands themselves live in the rooms (see commands.ts).
 */
import { COMMANDS, commandsIn, find, type Listed, wordsOf } from './commands.ts';
import { explain } from './explain.ts';
import { familyHelp, overview, unknown } from './help.ts';
import { projectVersion } from './project.ts';
import { EXITS, type ExitName } from './schemas/command.ts';
import { openTerminal } from './terminal.ts';

/** Runs one command line. @returns the exit code */
async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  const terminal = openTerminal({ json });
  try {
    const listed = find(argv);
    if (listed !== undefined) return EXITS[await runListed(listed, argv, json)];
    terminal.line(helpOrVersion(argv));
    return EXITS.ok;
  } catch (error) {
    if (isShownHelp(error)) return EXITS.ok;
    const { exit, ...failure } = explain(error);
    if (process.env['KETENPOST_TRACE'] && error instanceof Error)
      terminal.progress(`${error.stack}`);
    terminal.failure(failure);
    return EXITS[exit];
  }
}

/** Commander, which is loaded only for a command, throws too when it has shown help. */
const isShownHelp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'commander.helpDisplayed';

/** What is answered when the words name no command: everything, a family of commands, or an error. */
function helpOrVersion(argv: readonly string[]): string {
  const words = argv.filter((word) => !word.startsWith('-'));
  const asked = words[0] === 'help' ? words.slice(1) : words;
  if (argv.some((word) => word === '--version' || word === '-V')) return projectVersion();
  if (asked.length === 0) return overview(COMMANDS);
  const family = COMMANDS.filter(({ name }) =>
    asked.every((word, at) => wordsOf(name)[at] === word),
  );
  if (family.length === 0) throw unknown(asked, COMMANDS);
  return familyHelp(asked.join(' '), family);
}

async function runListed(
  listed: Listed,
  argv: readonly string[],
  json: boolean,
): Promise<ExitName> {
  const command = commandsIn(await listed.load()).find(({ name }) => name === listed.name);
  if (command === undefined) throw new Error(`the command ${listed.name} is not in its room`);
  const { parse } = await import('./parse.ts');
  const parsed = parse(command, argv.slice(wordsOf(command.name).length));
  const terminal = openTerminal({ json });
  const report = await command.run(parsed.args, parsed.options, {
    progress: terminal.progress,
    line: terminal.line,
    signal: untilStopped(),
  });
  terminal.report(report);
  return report.exit ?? 'ok';
}

/** The first SIGINT or SIGTERM asks the command to stop; a second SIGINT does not ask. */
function untilStopped(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => {
    stop.abort();
    process.once('SIGINT', () => process.exit(130));
  });
  return stop.signal;
}

// Node answers SIGUSR1 with a debugger, and a debugger reads every key in memory: with a listener it does not.
process.on('SIGUSR1', () => undefined);

// Whoever reads our output may stop reading (`ketenpost ledger show | head`): not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXITS.ok : EXITS.fault);
});
process.exit(await main(process.argv.slice(2)));
