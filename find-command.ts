/** How commands are listed, how the words of a command line find theirs, and a module its commands. */
import type { Command } from './schemas/command.ts';

export interface Listed {
  readonly group: string;
  /** What a family has in common of which no command is just its first word, as `registry`. */
  readonly family?: string;
  /** As in the command itself: `registry show <oin>`. */
  readonly name: string;
  readonly summary: string;
  load(): Promise<Readonly<Record<string, unknown>>>;
}

/** The words that are typed, without the arguments. */
export const wordsOf = (name: string): string[] =>
  name.split(' ').filter((word) => !/^[<[]/.test(word));

const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'summary', 'options', 'example', 'run'].every((key) => key in value);

/** The commands that a module exports, one by one or in lists. */
export const commandsIn = (module: Readonly<Record<string, unknown>>): Command[] =>
  Object.values(module).flat().filter(isCommand);

/** The entry whose words the command line begins with; the longest such. */
export function longestFit<T extends { readonly name: string }>(
  argv: readonly string[],
  list: readonly T[],
): T | undefined {
  const fits = list.filter(({ name }) => wordsOf(name).every((word, at) => argv[at] === word));
  return fits.sort((a, b) => wordsOf(b.name).length - wordsOf(a.name).length)[0];
}

/** One group of the list. @param families what families have in common, by their first word */
export const group = (
  title: string,
  families: Readonly<Record<string, string>>,
  rows: readonly (readonly [name: string, summary: string, load: Listed['load']])[],
): Listed[] =>
  rows.map(([name, summary, load]) => {
    const family = families[wordsOf(name)[0] ?? ''];
    return { group: title, ...(family !== undefined && { family }), name, summary, load };
  });
