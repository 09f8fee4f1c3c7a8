/** What `npm run attack` can be asked for. */
import { CommandError } from '../../schemas/command.ts';

export const HELP = `usage: npm run attack -- [id …]

Tries every attack of the catalogue for real, each by the tests that stand for it, and prints a table:
the attack, what happened, the code, and whether that is as it should be. Some four minutes. A whole
run writes docs/attacks.md anew.

  id …    these rows only, such as J1 X6 W1 (docs/attacks.md lists them)
  --help  show this

Example:
  npm run attack -- J1 X6

Exit codes: 0 all withstood; 1 not so; 2 usage.
`;

/**
 * @param known the ids of the catalogue
 * @returns the ids asked for, none when all are; `help` when that was asked
 * @throws CommandError usage, for what is no id
 */
export function readIds(argv: readonly string[], known: readonly string[]): string[] | 'help' {
  if (argv.includes('--help') || argv.includes('-h')) return 'help';
  const strange = argv.find((word) => !known.includes(word));
  if (strange === undefined) return [...argv];
  throw new CommandError('usage', `there is no attack ${strange}`, 'see npm run attack -- --help');
}
