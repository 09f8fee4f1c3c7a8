/** Connects a process to the broker and gives it the bus. */
import { readFile } from 'node:fs/promises';
import {
  AuthorizationError,
  type ConnectionOptions,
  connect,
  type NatsConnection,
  nkeyAuthenticator,
} from 'nats';
import { openBucket } from './bucket.ts';
import { type Bus, BusFault } from './bus.ts';
import { type Line, openLine } from './line.ts';
import { openLog } from './log.ts';
import { openQueue } from './queue.ts';
import { ask, listen, serve } from './requests.ts';
import { compareStreams, describe, isGrave, isThin } from './streams.ts';
import { type BusRole, inboxPrefix } from './users.ts';
import { askVariables } from './variables.ts';

export interface ConnectOptions {
  /** `tls://host:port`, one or more. */
  readonly servers: readonly string[];
  /** The file (PEM) with the certificate that the broker's certificate descends from. */
  readonly ca: string;
  readonly role: BusRole;
  /** The file with the nkey seed of that role. */
  readonly seedFile: string;
  /** Shown in the broker's list of connections. */
  readonly name: string;
  /** Told of what befalls the connection: disconnect, reconnect and the like. */
  readonly onStatus?: (status: string) => void;
}

const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
const CLOSE_LIMIT_MS = 3000;

/**
 * Connects over TLS as one of the roles. Once connected it comes back by itself, for ever; only
 * `close`, or credentials that the broker no longer takes, end it.
 * @throws BusFault when the broker cannot be reached, is not who it should be, or refuses us
 */
export async function connectBus(options: ConnectOptions): Promise<Bus> {
  const line = await connectLine(options);
  const { onStatus } = options;
  if (onStatus !== undefined) void follow(line.nc, onStatus);
  return makeBus(line);
}

/** As connectBus, for the files of this folder. */
export async function connectLine(options: ConnectOptions): Promise<Line> {
  const prefix = inboxPrefix(options.role);
  const waits = new Waits();
  try {
    const nc = await connect(await connectionOptions(options, prefix, waits));
    void follow(nc, (status) => {
      if (status === 'disconnect') waits.restart();
    });
    return openLine(nc, prefix);
  } catch (cause) {
    throw connectFault(options, cause);
  }
}

async function connectionOptions(options: ConnectOptions, inbox: string, waits: Waits) {
  const { servers, ca, seedFile, name } = options;
  return {
    servers: [...servers],
    name,
    inboxPrefix: inbox,
    authenticator: nkeyAuthenticator(new Uint8Array(await readFile(seedFile))),
    tls: { ca: await readFile(ca, 'utf8'), minVersion: 'TLSv1.2' as const },
    timeout: 5000,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: () => waits.next(),
    // A server that is cut off or stands still is left for another one within ten seconds.
    pingInterval: 3000,
    maxPingOut: 2,
    // The servers are those of the settings, by the names in their certificates.
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
  } satisfies Omit<ConnectionOptions, 'tls'> & { tls: object };
}

/**
 * Waits between attempts: short at first, longer the longer the outage lasts, with chance in them
 * so that many do not come at once. The client asks more than once for one attempt, so the answer
 * depends on the time and not on the number of times it asked.
 */
class Waits {
  #since = 0;

  /** A new outage begins now. */
  restart(): void {
    this.#since = performance.now();
  }

  next(): number {
    const lasted = performance.now() - this.#since;
    const wait = Math.min(Math.max(lasted / 4, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
    return wait * (0.75 + Math.random() / 2);
  }
}

function connectFault({ servers, role }: ConnectOptions, cause: unknown): BusFault {
  const where = servers.join(', ');
  if (cause instanceof AuthorizationError) {
    return new BusFault(`the broker at ${where} refused the ${role} credentials`, { cause });
  }
  const why = cause instanceof Error ? cause.message : 'unknown';
  return new BusFault(`cannot connect to the broker at ${where}: ${why}`, { cause });
}

async function follow(nc: NatsConnection, onStatus: (status: string) => void): Promise<void> {
  for await (const status of nc.status()) {
    if (status.type !== 'ping') onStatus(status.type);
  }
}

function makeBus(line: Line): Bus {
  const { nc } = line;
  const info = nc.info;
  return {
    log: (name) => openLog(line, name),
    bucket: async (name) => openBucket(line, name),
    queue: (log, name, filter, leaseMs) => openQueue(line, log, name, filter, leaseMs),
    ask: (subject, data, options) => ask(line, subject, data, options),
    serve: (subject, group, answer) => serve(line, subject, group, answer),
    // A sign is a courtesy: without a connection there is nobody to show it to.
    notify: (subject, data) => line.out.send(subject, data, {}, () => undefined),
    listen: (subject, onSign) => listen(line, subject, onSign),
    server: { name: info?.server_name ?? '', version: info?.version ?? '' },
    variables: () => askVariables(line),
    differences: async (replicas) =>
      (await compareStreams(line.api, replicas)).map((one) => ({
        text: describe(one),
        grave: isGrave(one),
        thin: isThin(one),
      })),
    closed: nc.closed().then((reason) => reason ?? undefined),
    close: () => close(line),
  };
}

/** Sends what is still on its way out, then closes; does not wait for a broker that is gone. */
async function close({ nc, link, out }: Line): Promise<void> {
  if (nc.isClosed()) return;
  out.flush();
  if (!link.isUp()) return nc.close();
  const limit = new Promise((done) => setTimeout(done, CLOSE_LIMIT_MS).unref());
  await Promise.race([nc.drain().catch(() => undefined), limit]);
  await nc.close();
}
