/** What `ketenpost --help` says: all of the tool on one screen, or one family of commands. */
import type { Listed } from './commands.ts';
import { wordsOf } from './commands.ts';
import { CommandError } from './schemas/command.ts';

type Row = readonly [typed: string, text: string];

/** Two columns: what is typed, and what it does. */
const lines = (rows: readonly Row[], width: number): string[] =>
  rows.map(([typed, text]) => ` ${typed.padEnd(width)}  ${text}`);

const widest = (rows: readonly Row[]): number =>
  Math.max(0, ...rows.map(([typed]) => typed.length));
const bare = (name: string): string => wordsOf(name).join(' ');

/** What stays readable beside the first column. */
const TEXT = 84;

/** Each family of a group on a line, or two when it is long: its first word, what it is, and the words that may follow. */
function families(list: readonly Listed[]): Row[] {
  const firsts = [...new Set(list.map(({ name }) => wordsOf(name)[0] ?? ''))];
  return firsts.flatMap((first): Row[] => {
    const family = list.filter(({ name }) => wordsOf(name)[0] === first);
    const [one] = family;
    const more = family.map(({ name }) => wordsOf(name)[1] ?? '').filter((word) => word !== '');
    const text = one?.family ?? one?.summary ?? '';
    if (more.length === 0) return [[first, text]];
    const whole = `${text}: ${more.join(', ')}`;
    if (whole.length <= TEXT) return [[first, whole]];
    return [
      [first, `${text}:`],
      ['', more.join(', ')],
    ];
  });
}

export function overview(list: readonly Listed[]): string {
  const titles = [...new Set(list.map(({ group }) => group))];
  const groups = titles.map((title) => families(list.filter(({ group }) => group === title)));
  const width = Math.max(...groups.map(widest));
  return [
    'ketenpost: carries signed messages between agencies, sealed for each recipient, with receipts',
    '',
    'usage: ketenpost <command> [arguments] [--json]',
    ...groups.flatMap((rows, at) => [`\n${titles[at]}`, ...lines(rows, width)]),
    '',
    'After a colon stand the words that may follow: ketenpost registry list, ketenpost inbox read.',
    'ketenpost help <word> tells what each of them does; <command> --help shows options and an example;',
    '--json prints the result for programs.',
    'Exit codes: 0 done, 1 fault, 2 usage, 3 refused, 4 check failed, 5 unreachable.',
  ].join('\n');
}

export function familyHelp(words: string, family: readonly Listed[]): string {
  const rows = family.map(({ name, summary }): Row => [name, summary]);
  return [
    `usage: ketenpost ${words} …`,
    '',
    ...lines(rows, widest(rows)),
    '',
    'Each of them has --help, with options and an example.',
  ].join('\n');
}

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
