/** Whether what the broker acknowledged is on disk, and what to do when it cannot show that. */
import { CommandError } from '../../schemas/command.ts';
import type { ServerVariables } from './bus.ts';

/** The first version on which the router relies for this (design.md §3). */
const LEAST: readonly [number, number] = [2, 11];

/**
 * What is asked of the broker before the router says `aanvaard`: every server is new enough and
 * writes through. With `insecure` a lesser broker is used, and the returned line says what that means.
 * @returns the warning to give, or undefined when all is well
 * @throws CommandError when it is not and `insecure` was not set
 */
export function checkDurability(
  servers: readonly ServerVariables[],
  options: { insecure: boolean },
): string | undefined {
  const lacking = servers.map(lack).filter((one) => one !== undefined);
  if (lacking.length === 0 && servers.length > 0) return undefined;
  const what = lacking.join('; ') || 'no server of the broker told its settings';
  if (!options.insecure) {
    throw new CommandError(
      'usage',
      `the broker does not prove that what it acknowledges is on disk: ${what}`,
      'Run nats-server 2.11 or newer with sync_interval: always (ketenpost broker config writes it), or accept with broker.insecure that a power cut can lose messages.',
    );
  }
  return `insecure broker: ${what}; a power cut can lose messages that were acknowledged`;
}

function lack({ name, version, syncAlways }: ServerVariables): string | undefined {
  const short = `${name.slice(0, 16)} (${version})`;
  if (!isAtLeast(version, LEAST)) return `nats-server ${short} is older than ${LEAST.join('.')}`;
  return syncAlways ? undefined : `nats-server ${short} does not write through to the disk`;
}

/** Whether a version such as `2.9.10` or `2.11.0-RC.1` is this one or newer. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return a > major || (a === major && b >= minor);
}

/** Older servers do not start with the setting in their file. */
export const knowsSyncInterval = (version: string): boolean => isAtLeast(version, LEAST);
