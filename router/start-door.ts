/** Starts everything of the role door, in order, and stops it in reverse. It loads the TLS key and no other. */
import { loadTls } from '../certs/keystore.ts';
import { type Clock, systemClock } from '../schemas/clock.ts';
import { CommandError, cannotListen } from '../schemas/command.ts';
import { bodySchema, messageTypes } from '../schemas/validate.ts';
import type { Bus } from './bus/bus.ts';
import { connectBus } from './bus/connect.ts';
import { subjects } from './bus/subjects.ts';
import type { RouterConfig } from './config.ts';
import { readAuthorities } from './door/tls.ts';
import { openDoor } from './door.ts';
import type { Log } from './log.ts';
import { type Metrics, metrics as processMetrics } from './metrics.ts';

export interface DoorOptions {
  readonly log: Log;
  readonly clock?: Clock;
  readonly metrics?: Metrics;
}

export interface RunningDoor {
  readonly url: string;
  /** Resolves with the reason when the broker is gone for good. */
  readonly closed: Promise<Error | undefined>;
  /** Whether the bus carries our questions and a pipeline answers them. */
  isReady(): Promise<boolean>;
  /** Shows the TLS certificate that the configuration names now, on new connections. @throws CommandError */
  reload(config: RouterConfig): Promise<undefined>;
  /** Takes nothing new, finishes what is under way, closes. */
  stop(): Promise<void>;
}

/** @throws CommandError or BusFault when something that it needs is not as it should be */
export async function startDoor(
  config: RouterConfig,
  { log, clock = systemClock, metrics = processMetrics }: DoorOptions,
): Promise<RunningDoor> {
  const tls = await loadTls(config.identity.tls);
  const authorities = await readAuthorities([...config.trust.roots, ...config.trust.issuers]);
  const bus = await connect(config, log);
  try {
    const types = { list: messageTypes, schemaOf: bodySchema };
    const parts = { tls, authorities, bus, types, metrics, log, clock };
    const door = await openDoor({ settings: config.door, ...parts }).catch(
      cannotListen('door.port'),
    );
    const stop = async () => {
      await door.stop();
      await bus.close();
    };
    const reload = async (next: RouterConfig) => {
      door.renew(await loadTls(next.identity.tls));
      return undefined;
    };
    return { url: door.url, closed: bus.closed, isReady: () => isAnswered(bus), reload, stop };
  } catch (error) {
    await bus.close();
    throw error;
  }
}

function connect({ broker }: RouterConfig, log: Log): Promise<Bus> {
  const { servers, ca, credentials } = broker;
  if (credentials.door === undefined) {
    throw new CommandError(
      'usage',
      'broker.credentials.door is missing',
      'Name the seed file that ketenpost broker config wrote for the door.',
    );
  }
  return connectBus({
    servers,
    ca,
    role: 'door',
    seedFile: credentials.door,
    name: 'ketenpost-door',
    onStatus: (status) => log.warn({ status }, 'broker'),
  });
}

/** A pipeline that says no to a certificate that is none is there. */
async function isAnswered(bus: Bus): Promise<boolean> {
  const ask = Buffer.from(JSON.stringify({ der: '' }));
  const answer = bus.ask(subjects.ask('peer'), ask, { timeoutMs: 2000 });
  return answer.then(
    () => true,
    () => false,
  );
}
