/** `ketenpost broker streams`: makes the streams of a broker, and changes them when asked. */
import { type Command, CommandError, type Report } from '../../../schemas/command.ts';
import { BusFault } from '../../bus/bus.ts';
import type { ConnectOptions } from '../../bus/connect.ts';
import { type Prepared, prepareStreams } from '../../bus/prepare.ts';
import { describe, describeChange } from '../../bus/streams.ts';
import { type BrokerConfig, readRouterConfig } from '../../config.ts';
import { CONFIG_OPTION, text } from '../admin.ts';
import { missing, number } from './options.ts';

/** A cluster that was just started has its leader within so long. */
const LEADER_MS = 30_000;

export const streams: Command = {
  name: 'broker streams',
  summary: 'make the streams that a broker lacks, and tell which are not as they should be',
  options: [
    CONFIG_OPTION,
    ['--replicas <number>', 'servers that keep each stream; broker.replicas when absent'],
    ['--update', 'change the settings of those that differ; may drop what is past its age'],
  ],
  example: 'ketenpost broker streams --config router.yaml',
  run: async (_args, options, { signal, progress }) => {
    const { broker } = await readRouterConfig(text(options, 'config') ?? 'router.yaml');
    const replicas = number(options, 'replicas') ?? broker.replicas;
    const update = options['update'] === true;
    const onWait = (reason: string) => progress(`waiting for the broker (${reason})`);
    const patience = { limitMs: LEADER_MS, signal, onWait };
    const settings = { replicas, update, patience };
    return told(await prepareStreams(asAdmin(broker), settings).catch(notReached));
  },
};

/** How the admin of this configuration connects. */
export const asAdmin = ({ servers, ca, credentials }: BrokerConfig): ConnectOptions => ({
  servers,
  ca,
  role: 'admin',
  name: 'ketenpost-broker',
  seedFile: credentials.admin ?? missing('broker.credentials.admin in the configuration'),
});

function told({ made, updated, changes, differences }: Prepared): Report {
  const lines = [
    ...made.map((name) => `made ${name}`),
    ...changes.map(describeChange),
    ...(changes.some(({ setting }) => setting === 'num_replicas') ? [COPYING] : []),
    ...differences.map(describe),
  ];
  return {
    json: { made, updated, changes, differences },
    text: lines.join('\n') || 'All streams are as they should be.',
    exit: differences.length === 0 ? 'ok' : 'failed',
  };
}

const COPYING = 'The servers copy what is stored; ketenpost broker check tells when all have it.';

export function notReached(error: unknown): never {
  if (!(error instanceof BusFault)) throw error;
  const next = 'Check that the broker runs, its address, and the credentials of the admin.';
  throw new CommandError('unreachable', error.message, next);
}
