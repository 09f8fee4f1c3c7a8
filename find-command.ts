/** How the words of a command line find their command, and a module its commands. */
import type { Command } from './schemas/command.ts';

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
