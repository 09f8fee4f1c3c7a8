/** What `ketenpost --help` says: all of the tool on one screen, or one family of commands. */
import type { Listed } from './commands.ts';
import { wordsOf } from './commands.ts';
import { CommandError } from './schemas/command.ts';

/** Two columns: what is typed, and what it does. */
function lines(list: readonly Listed[], typed: (name: string) => string, width = 0): string[] {
  const widest = Math.max(width, ...list.map(({ name }) => typed(name).length));
  return list.map(({ name, summary }) => ` ${typed(name).padEnd(widest)}  ${summary}`);
}

const bare = (name: string): string => wordsOf(name).join(' ');

export function overview(list: readonly Listed[]): string {
  const groups = [...new Set(list.map(({ group }) => group))];
  const width = Math.max(0, ...list.map(({ name }) => bare(name).length));
  return [
    'ketenpost: carries signed messages between agencies, sealed for each recipient, with receipts',
    '',
    'usage: ketenpost <command> [arguments] [--json]',
    ...groups.flatMap((group) => [
      `\n${group}`,
      ...lines(
        list.filter((one) => one.group === group),
        bare,
        width,
      ),
    ]),
    '',
    'ketenpost <command> --help shows options and an example; --json prints the result for programs.',
    'Exit codes: 0 done, 1 fault, 2 usage, 3 refused, 4 check failed, 5 unreachable.',
  ].join('\n');
}

export const familyHelp = (words: string, family: readonly Listed[]): string =>
  [
    `usage: ketenpost ${words} <command>`,
    '',
    ...lines(family, (name) => name),
    '',
    `ketenpost ${words} <command> --help shows options and an example.`,
  ].join('\n');

/** An error that names the nearest commands, by the fewest letters to change. */
export function unknown(asked: readonly string[], list: readonly Listed[]): CommandError {
  const typed = asked.join(' ');
  const near = list
    .map(({ name }) => bare(name))
    .map((words) => ({ words, far: distance(typed, words) }))
    .filter(({ words, far }) => far <= Math.max(2, words.length / 3))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ words }) => `ketenpost ${words}`);
  const next = near.length > 0 ? `did you mean: ${near.join(', ')}?` : 'see ketenpost --help';
  return new CommandError('usage', `there is no command: ketenpost ${typed}`, next);
}

/** Letters to insert, remove or replace to come from one text to the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [column, other] of [...to].entries()) {
      const replace = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
