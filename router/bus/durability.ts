/** Whether what the broker acknowledged is on disk, and what to do when it cannot show that. */
import { CommandError } from '../../schemas/command.ts';
import type { ServerVariables, StreamDifference } from './bus.ts';
import { isAtLeast } from './version.ts';

/** The first version on which the router relies for this (design.md §3). */
export const LEAST: readonly [number, number] = [2, 11];

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

/**
 * Whether every stream is there, on disk, and kept by as many servers as the operator counts on. With
 * `insecure` fewer servers will do, and the returned line says so.
 * @returns the warning to give, or undefined when all is well
 * @throws CommandError when a stream is not fit to be used, or thin and `insecure` was not set
 */
export function checkReplicas(
  differences: readonly StreamDifference[],
  options: { insecure: boolean },
): string | undefined {
  const say = (all: readonly StreamDifference[]) => all.map(({ text }) => text).join('\n');
  const grave = differences.filter((one) => one.grave);
  if (grave.length > 0) {
    const next = 'Run ketenpost broker streams, or ketenpost broker run, which makes them.';
    throw new CommandError('usage', say(grave), next);
  }
  const thin = differences.filter((one) => one.thin);
  if (thin.length === 0) return undefined;
  if (!options.insecure) {
    const next =
      'Run ketenpost broker streams --update on a cluster of so many servers, or set broker.replicas to what it is.';
    throw new CommandError('usage', say(thin), next);
  }
  return `insecure broker: ${thin.length} streams are kept by fewer servers than broker.replicas says`;
}

function lack({ name, version, syncAlways }: ServerVariables): string | undefined {
  const short = `${name.slice(0, 16)} (${version})`;
  if (!isAtLeast(version, LEAST)) return `nats-server ${short} is older than ${LEAST.join('.')}`;
  return syncAlways ? undefined : `nats-server ${short} does not write through to the disk`;
}

export { isAtLeast } from './version.ts';

/** Older servers do not start with the setting in their file. */
export const knowsSyncInterval = (version: string): boolean => isAtLeast(version, LEAST);
