/**
 * Every command of the command line, by group: what `ketenpost --help` shows. Rooms define the
 * commands; this table only names them, so that help needs no room to be loaded. A test holds the
 * table equal to what the rooms export.
 */
import type { Command } from './schemas/command.ts';

export interface Listed {
  readonly group: string;
  /** As in the command itself: `registry show <oin>`. */
  readonly name: string;
  readonly summary: string;
  load(): Promise<Readonly<Record<string, unknown>>>;
}

const group = (
  title: string,
  rows: readonly (readonly [name: string, summary: string, load: Listed['load']])[],
): Listed[] => rows.map(([name, summary, load]) => ({ group: title, name, summary, load }));

export const COMMANDS: readonly Listed[] = [];

/** The words that are typed, without the arguments. */
export const wordsOf = (name: string): string[] =>
  name.split(' ').filter((word) => !/^[<[]/.test(word));

export const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'summary', 'options', 'example', 'run'].every((key) => key in value);

/** The commands that a module exports, one by one or in lists. */
export const commandsIn = (module: Readonly<Record<string, unknown>>): Command[] =>
  Object.values(module).flat().filter(isCommand);

/** The entry whose words the command line begins with; the longest such. */
export function find(argv: readonly string[], list: readonly Listed[] = COMMANDS) {
  const fits = list.filter(({ name }) => wordsOf(name).every((word, at) => argv[at] === word));
  return fits.sort((a, b) => wordsOf(b.name).length - wordsOf(a.name).length)[0];
}
