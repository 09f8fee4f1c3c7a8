/** Words that the commands for people share. */
import { fold } from '../../schemas/columns.ts';
import { CommandError } from '../../schemas/command.ts';
import type { Names } from '../names.ts';

export { shortly } from '../instant.ts';

/** The name that is known here, else the OIN. */
export const named = (oin: string, names: Names = {}): string => names[oin] ?? oin;

/** A line of text is no wider than this. */
const WIDEST = 120;

const KEPT = '\u00a0';

/** What `hanging` is not to fold. */
export const together = (text: string): string => text.replaceAll(' ', KEPT);

/** Lines of text that hang below what stands before the first. */
export function hanging(before: string, below: string, text: string): string[] {
  const lines = fold(text, WIDEST - Math.max(before.length, below.length));
  return lines.map((line, at) => `${at === 0 ? before : below}${line.replaceAll(KEPT, ' ')}`);
}

/** `1 gap`, `2 gaps`. */
export const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/** Where to find a basis. */
export const POLICY =
  'docs/policy.md lists them; ketenpost policy explain tells about one case, and why not';

/** A received message as the lists name it, SENDER/ID, or in two words. @throws CommandError usage */
export function messageOf(message = '', id?: string): { afzender: string; bericht: string } {
  const [afzender = '', bericht = '', more] = id === undefined ? message.split('/') : [message, id];
  if (afzender !== '' && bericht !== '' && more === undefined) return { afzender, bericht };
  throw new CommandError('usage', `${message} names no message`, 'write it as SENDER/ID');
}
