/** One command's arguments and options, read and explained by commander. */
import { Command as Commander } from 'commander';
import { wordsOf } from './commands.ts';
import type { Command } from './schemas/command.ts';

export interface Parsed {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** The command as commander knows it: `--json` is there for every one. */
function commanderFor(
  { name, summary, options, example }: Command,
  show: (help: string) => void,
): Commander {
  const words = wordsOf(name);
  const commander = new Commander(`ketenpost ${words.join(' ')}`)
    .description(summary)
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', `\nExample:\n  ${example}`)
    .configureOutput({ writeOut: show, writeErr: () => undefined })
    .exitOverride();
  for (const argument of name.split(' ').slice(words.length)) commander.argument(argument);
  for (const [flags, text, fallback] of options) commander.option(flags, text, fallback);
  if (!options.some(([flags]) => flags.includes('--json')))
    commander.option('--json', 'print the result as JSON');
  return commander;
}

/** @throws CommanderError on a wrong option, and after --help has been shown */
export function parse(
  command: Command,
  argv: readonly string[],
  show: (help: string) => void,
): Parsed {
  const commander = commanderFor(command, show).parse([...argv], { from: 'user' });
  return { args: commander.args, options: commander.opts() };
}
