/** Options of the commands on the broker, read and checked. */
import { CommandError } from '../../../schemas/command.ts';
import { type Options, text } from '../admin.ts';

export function number(options: Options, name: string): number | undefined {
  const given = text(options, name);
  if (given === undefined) return undefined;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new CommandError('usage', `${name} must be a number`, 'Give digits only.');
}

export const needed = (options: Options, name: string, flag: string): string =>
  text(options, name) ?? missing(flag);

export function missing(what: string): never {
  throw new CommandError('usage', `${what} is missing`, 'Add it; --help shows an example.');
}
