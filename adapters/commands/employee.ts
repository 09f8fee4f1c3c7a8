/** Who acts by a command. */
import { userInfo } from 'node:os';
import { type Options, textOf } from './local-api.ts';

export const BY = [
  '--medewerker <name>',
  'who does this; the name of this user when absent',
] as const;
export const who = (options: Options): string =>
  textOf(options, 'medewerker') ?? userInfo().username;
