/** Starts the parts of a role in order, says when they are ready, and stops them in reverse. */
import type { KeyChange } from '../certs/live-identity.ts';
import { CommandError, cannotListen } from '../schemas/command.ts';
import { BusFault } from './bus/bus.ts';
import type { RouterConfig } from './config.ts';
import { openLocalPort } from './health.ts';
import { type Keys, openKeys } from './keys.ts';
import type { Log } from './log.ts';
import { type Metrics, metrics as processMetrics } from './metrics.ts';

export const ROLES = ['all', 'door', 'pipeline'] as const;
export type RunRole = (typeof ROLES)[number];

export interface StartOptions {
  readonly log: Log;
  /** Where the configuration was read from, and how to read it anew when keys are replaced. */
  readonly file?: string;
  readonly reread?: () => Promise<RouterConfig>;
  readonly metrics?: Metrics;
}

export interface Router {
  readonly role: RunRole;
  /** Where agencies come in; absent in the role pipeline. */
  readonly door: string | undefined;
  /** The local port. */
  readonly metrics: string;
  /** Resolves with the reason when the router cannot go on. */
  readonly broken: Promise<Error | undefined>;
  /** Takes the keys into use that the configuration names now; what cannot be loaded changes nothing, and is logged. */
  reload(): Promise<boolean>;
  /** Readiness off, then the parts in reverse order of their start. Nothing under way is lost. */
  stop(): Promise<void>;
}

/** What a part gives back when it runs. */
interface Part {
  readonly closed: Promise<Error | undefined>;
  isReady(): boolean | Promise<boolean>;
  reload(config: RouterConfig): Promise<KeyChange | undefined>;
  stop(): Promise<void>;
}

/** A process loads the code of its own role only: a door has no use for what opens messages. */
const LOAD = {
  door: async (...given: Parameters<typeof import('./start-door.ts').startDoor>) =>
    (await import('./start-door.ts')).startDoor(...given),
  pipeline: async (...given: Parameters<typeof import('./start-pipeline.ts').startPipeline>) =>
    (await import('./start-pipeline.ts')).startPipeline(...given),
};

/** @throws CommandError or BusFault; what was started is stopped again */
export async function startRouter(
  config: RouterConfig,
  role: RunRole,
  { log, metrics = processMetrics, ...source }: StartOptions,
): Promise<Router> {
  const running: Part[] = [];
  let stopping = false;
  let keys: Keys | undefined;
  const local = await openLocalPort({ ...config.door.metrics, metrics }).catch(
    cannotListen('door.metrics.port'),
  );
  const stop = async () => {
    stopping = true;
    keys?.stop();
    for (const part of running.splice(0).reverse()) await part.stop();
    await local.stop();
  };
  const add = <P extends Part>(name: string, part: P): P => {
    running.push(part);
    local.add({ name, holds: async () => !stopping && (await part.isReady()) });
    return part;
  };
  try {
    if (role !== 'door') add('pipeline', await LOAD.pipeline(config, { log, metrics }));
    const door =
      role === 'pipeline' ? undefined : add('door', await LOAD.door(config, { log, metrics }));
    const broken = Promise.race(running.map(({ closed }) => closed));
    keys = openKeys({ config, log, parts: running, ...source });
    return { role, door: door?.url, metrics: local.url, broken, reload: keys.reload, stop };
  } catch (error) {
    await stop();
    throw explained(error);
  }
}

/** A broker that is not there at the start is for the operator to mend. */
function explained(error: unknown): unknown {
  if (!(error instanceof BusFault)) return error;
  const next =
    'Check that the broker runs (ketenpost broker run), its address and the credentials.';
  return new CommandError('unreachable', error.message, next);
}
