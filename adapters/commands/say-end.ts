import { systemClock } from '../../schemas/clock.ts';
import { CommandError } from '../../schemas/command.ts';
import { readEnd } from '../consult/time-said.ts';

/** What `--until` says, as an instant; a day counts whole, in Dutch time. @throws CommandError usage */
export function endOf(said: string): string {
  const at = readEnd(said, systemClock.now());
  if (at !== undefined) return new Date(at).toISOString();
  const next = 'write 2026-12-31, 22:10, 2026-12-31T22:10 (Dutch time), or a moment with its zone';
  throw new CommandError('usage', `--until ${said} is no time`, next);
}
