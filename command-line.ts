/**
 * One command line, from its words to its exit code: finds the command, loads the one room that it
 * needs, parses, runs and prints the report. Knows no process: that is ketenpost.ts.
 */
import { COMMANDS, commandsIn, find, type Listed, wordsOf } from './commands.ts';
import { explain, isShownHelp } from './explain.ts';
import { familyHelp, overview, unknown } from './help.ts';
import { projectVersion } from './project.ts';
import { EXITS, type ExitName } from './schemas/command.ts';
import { openTerminal, type Stream, type Terminal } from './terminal.ts';

/** Where a command line is typed. */
export interface Typed {
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Asked for once, when a command begins: aborted when it must stop. */
  untilStopped(): AbortSignal;
}

/** @returns the exit code */
export async function runCommandLine(
  argv: readonly string[],
  { stdout, stderr, untilStopped }: Typed,
): Promise<number> {
  const terminal = openTerminal({ json: argv.includes('--json'), stdout, stderr });
  try {
    const listed = find(argv);
    if (listed !== undefined) return EXITS[await runListed(listed, argv, terminal, untilStopped)];
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
  terminal: Terminal,
  untilStopped: () => AbortSignal,
): Promise<ExitName> {
  const command = commandsIn(await listed.load()).find(({ name }) => name === listed.name);
  if (command === undefined) throw new Error(`the command ${listed.name} is not in its room`);
  const { parse } = await import('./parse.ts');
  const words = argv.slice(wordsOf(command.name).length);
  const parsed = parse(command, words, (help) => terminal.line(help.trimEnd()));
  const report = await command.run(parsed.args, parsed.options, {
    progress: terminal.progress,
    line: terminal.line,
    signal: untilStopped(),
  });
  terminal.report(report);
  return report.exit ?? 'ok';
}
