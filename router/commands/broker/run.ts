/** `ketenpost broker run`: a nats-server on generated settings, with its streams. */
import { type Command, CommandError } from '../../../schemas/command.ts';
import { BusFault } from '../../bus/bus.ts';
import type { ConnectOptions } from '../../bus/connect.ts';
import { adminOptions, type BrokerFolder, readBrokerFolder } from '../../bus/folder.ts';
import { type Prepared, prepareStreams } from '../../bus/prepare.ts';
import { type RunningServer, serverVersion, startServer } from '../../bus/server.ts';
import { describe } from '../../bus/streams.ts';

export const run: Command = {
  name: 'broker run <dir>',
  summary: 'run nats-server on those settings and make its streams, until told to stop',
  options: [['--verbose', 'show what nats-server writes']],
  example: 'ketenpost broker run broker',
  run: async ([dir = 'broker'], options, { line, signal, progress }) => {
    const folder = await readBrokerFolder(dir);
    const connect = adminOptions(dir, folder);
    const verbose = options['verbose'] === true ? progress : undefined;
    const server = await startServer(dir, verbose).catch(notStarted);
    const stopped = new Promise<'asked'>((done) => {
      if (signal.aborted) done('asked');
      signal.addEventListener('abort', () => done('asked'));
    });
    try {
      const prepared = prepare(connect, folder, { signal, progress });
      const first = await Promise.race([prepared, stopped, server.ended]);
      if (typeof first === 'object' && 'differences' in first) {
        for (const difference of first.differences) progress(describe(difference));
        line(`broker ready at ${connect.servers[0]} (nats-server ${serverVersion()})`);
      }
      await untilEnd(server, stopped);
      return { json: { stopped: true } };
    } finally {
      await server.stop();
    }
  },
};

/** A server of a cluster that runs by itself is of use to the others: it waits for them without end. */
const WITHOUT_END = Number.POSITIVE_INFINITY;

async function prepare(
  connect: ConnectOptions,
  { replicas, clustered }: BrokerFolder,
  { signal, progress }: { signal: AbortSignal; progress(text: string): void },
): Promise<Prepared | 'asked'> {
  const onWait = (reason: string) =>
    progress(`waiting for the other servers of the cluster (${reason})`);
  const patience = { limitMs: WITHOUT_END, signal, onWait };
  try {
    return await prepareStreams(connect, { replicas, ...(clustered && { patience }) });
  } catch (error) {
    if (signal.aborted) return 'asked';
    return notReached(error);
  }
}

/** @throws CommandError when the server ends without having been asked to */
async function untilEnd({ ended }: RunningServer, stopped: Promise<'asked'>): Promise<void> {
  const end = await Promise.race([stopped, ended]);
  if (end === 'asked') return;
  const next = 'See why in these lines, mend it, and run it again.';
  throw new CommandError('fault', `nats-server ended by itself:\n${end.lastWords}`, next);
}

function notStarted(error: unknown): never {
  if (!(error instanceof BusFault)) throw error;
  const next = 'See why in these lines; settings are changed with ketenpost broker config.';
  throw new CommandError('fault', error.message, next);
}

function notReached(error: unknown): never {
  if (!(error instanceof BusFault)) throw error;
  const next = 'Check the --ca and --address that were given to ketenpost broker config.';
  throw new CommandError('unreachable', error.message, next);
}
