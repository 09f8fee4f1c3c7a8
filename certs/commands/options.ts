/** Reading what was typed, with an error that says what would have been right. */
import { CommandError } from '../../schemas/command.ts';

export type Options = Readonly<Record<string, string | boolean | undefined>>;

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** One of some words. @throws CommandError */
export function choice<Word extends string>(
  value: string,
  allowed: readonly Word[],
  what: string,
): Word {
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  throw new CommandError('usage', `${what} cannot be ${value}`, `use ${allowed.join(', ')}`);
}

/** A whole number above zero. @throws CommandError */
export function wholeNumber(value: string, what: string): number {
  if (/^[1-9][0-9]{0,4}$/.test(value)) return Number(value);
  throw new CommandError('usage', `${what} must be a whole number above 0`, `such as --${what} 90`);
}

/** Words with commas between. */
export const list = (value: string): string[] =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

export const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
