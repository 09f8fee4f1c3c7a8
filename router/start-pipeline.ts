/** Starts everything of the role pipeline, in order, and stops it in reverse. */
import { randomUUID } from 'node:crypto';
import { type KeyChange, LiveIdentity } from '../certs/live-identity.ts';
import { TrustStore } from '../certs/truststore.ts';
import { type Clock, systemClock } from '../schemas/clock.ts';
import { CommandError } from '../schemas/command.ts';
import type { Thumbprint } from '../schemas/ids.ts';
import { compileSchemas } from '../schemas/validate.ts';
import type { RouterConfig } from './config.ts';
import { openDeadLetters } from './deadletters.ts';
import { openHandlers } from './deadlines/handlers.ts';
import { startDeadlines } from './deadlines/keeper.ts';
import { openMissing } from './deadlines/open-missing.ts';
import { openLease } from './lease.ts';
import { startNotary } from './ledger/notary.ts';
import { openLedger } from './ledger.ts';
import type { Log } from './log.ts';
import { isFull } from './mailboxes/limit.ts';
import type { Level } from './mailboxes/tally.ts';
import { type Metrics, metrics as processMetrics } from './metrics.ts';
import { openBroker } from './open-broker.ts';
import { openRooms } from './open-rooms.ts';
import { LiveRegister } from './registry/live.ts';
import { readRegistrar } from './registry/registrar.ts';
import { startRetention } from './retention.ts';
import type { Rooms } from './rooms.ts';
import { serve } from './serve.ts';
import { openUnderWork } from './underwork.ts';
import { watchCertificates } from './watch-certificates.ts';

export interface PipelineOptions {
  readonly log: Log;
  readonly clock?: Clock;
  readonly metrics?: Metrics;
}

export interface Pipeline {
  /** Resolves with the reason when the broker is gone for good. */
  readonly closed: Promise<Error | undefined>;
  /** Whether revocation lists are fresh and a register is in use. */
  isReady(): boolean;
  /** Takes the keys into use that the configuration names now. @throws CommandError; then nothing changed */
  reload(config: RouterConfig): Promise<KeyChange>;
  /** Takes nothing new, finishes what is under way, gives leases back. */
  stop(): Promise<void>;
}

/** @throws CommandError or BusFault, when something that it needs is not as it should be; what was started is stopped */
export async function startPipeline(
  config: RouterConfig,
  { log, clock = systemClock, metrics = processMetrics }: PipelineOptions,
): Promise<Pipeline> {
  const stops: Stops = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const identity = await LiveIdentity.load(config.identity);
    const rewind = openRewind();
    const parts = { log, clock, metrics, onRewound: rewind.tell };
    const rooms = await furnish(config, identity, parts, stops);
    stops.push(watchCertificates(rooms, config));
    stops.push(await rooms.subscriptions.start());
    await startDeadlinesOf(rooms, stops);
    stops.push(await keepCountOf(rooms));
    stops.push(await startRetention(rooms));
    compileSchemas();
    stops.push(await serve(rooms, config.pipeline));
    const reload = (next: RouterConfig) =>
      identity.reload(next.identity, ({ signing }) => checkListed(rooms, signing.x5t));
    const closed = Promise.race([rooms.bus.closed, rewind.happened]);
    return { closed, isReady: () => isReady(rooms), reload, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What an adapter does not find in the register it does not believe. @throws CommandError */
function checkListed({ registry, clock }: Rooms, x5t: Thumbprint): void {
  if (registry.certificate(x5t, 'authenticiteit', clock.now()) !== undefined) return;
  throw new CommandError(
    'refused',
    'the register does not list the new certificate for authenticity',
    'let the registrar add it: ketenpost registry apply',
  );
}

/** How to stop each thing that was started, in the order of starting. */
type Stops = (() => unknown)[];

/**
 * The broker's store was put back to an earlier day, or lost its last writes. What we hold in memory of
 * what it stores is then untrue: who starts anew reads it as it is.
 */
function openRewind(): { tell(): void; readonly happened: Promise<Error> } {
  let tell = (): void => undefined;
  const happened = new Promise<Error>((done) => {
    tell = () => done(new Error('the broker went back in time: it was restored, or lost writes'));
  });
  return { tell: () => tell(), happened };
}

async function furnish(
  config: RouterConfig,
  identity: LiveIdentity,
  { log, clock, metrics, onRewound }: Required<PipelineOptions> & { onRewound: () => void },
  stops: Stops,
): Promise<Rooms> {
  const registrar = await readRegistrar(config.registrar);
  const trust = await TrustStore.load(config.trust, { clock });
  trust.start();
  stops.push(() => trust.stop());
  const bus = await openBroker(config, log);
  stops.push(() => bus.close());
  const register = await LiveRegister.open({
    ...{ bus, registrar, log },
    lowest: config.registrar.lowestVersion,
  });
  stops.push(() => register.stop());
  if (register.current.version === 0) {
    log.warn('the register is empty: nobody can send before ketenpost registry apply');
  }
  const ledger = await openLedger({ bus, clock, onRewound });
  stops.push(() => ledger.stop());
  const notary = await startNotary({
    bus,
    clock,
    key: identity.signer,
    onFault: (fault) => log.error({ fault: fault.kind }, 'notary'),
  });
  stops.push(() => notary.stop());
  const deadletters = openDeadLetters({ bus, ledger, clock });
  const leaseMs = config.pipeline.leaseSeconds * 1000;
  const parts = { clock, identity, trust, bus, register, ledger, deadletters, metrics, log };
  const underWork = await openUnderWork({ folder: config.pipeline.underWork, bus, log });
  stops.push(() => underWork.stop());
  const { alarm, mailbox } = config;
  return openRooms({ ...parts, leaseMs, underWork, settings: { alarm, mailbox } });
}

async function startDeadlinesOf(rooms: Rooms, stops: Stops): Promise<void> {
  const { bus, clock, deadlines, metrics, log } = rooms;
  const lease = openLease({
    bucket: await bus.bucket('lease'),
    key: 'deadlines',
    holder: randomUUID(),
    lengthMs: 30_000,
    clock,
  });
  const handlers = openHandlers(rooms);
  const onGain = (open: Parameters<typeof openMissing>[1]) => openMissing(rooms, open);
  stops.push(startDeadlines({ deadlines, lease, handlers, onGain, clock, metrics, log }));
}

/** Counts what waits before anything is taken. */
function keepCountOf({ mailboxes, metrics, settings }: Rooms): Promise<() => void> {
  return mailboxes.keepCount((levels) => {
    const all = [...levels.values()];
    const sum = (of: (level: Level) => number) => all.reduce((total, one) => total + of(one), 0);
    const full = all.filter((level) => isFull(level, settings.mailbox)).length;
    metrics.setMailboxes(
      sum(({ items }) => items),
      sum(({ bytes }) => bytes),
      full,
    );
  });
}

const isReady = ({ registry, trust, clock }: Rooms): boolean =>
  registry.version > 0 && trust.revocations.status(clock.now()).every(({ fresh }) => fresh);
