/** Makes and checks the streams of a broker, with the admin's credentials. */
import { BusFault } from './bus.ts';
import { type ConnectOptions, connectLine } from './connect.ts';
import { mayComeUp } from './faults.ts';
import { type Line, pause } from './line.ts';
import { compareStreams, type Difference, ensureStreams, type StreamName } from './streams.ts';

export interface Prepared {
  readonly made: readonly StreamName[];
  readonly updated: readonly StreamName[];
  /** What was changed of those that were there. */
  readonly changes: readonly Difference[];
  /** What is not as it should be after all; with `update` normally nothing. */
  readonly differences: readonly Difference[];
}

export interface Settings {
  readonly replicas: number;
  readonly update?: boolean;
  /** For a cluster: how long to wait until enough servers are there and one of them leads. */
  readonly patience?: Patience;
}

export interface Patience {
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  /** Told once, why it waits. */
  onWait(reason: string): void;
}

const AGAIN_MS = 500;

/**
 * Connects, makes the streams that are missing, and disconnects.
 * @throws BusFault when the broker cannot do it, or not within the patience
 */
export async function prepareStreams(
  options: ConnectOptions,
  settings: Settings,
): Promise<Prepared> {
  const line = await connectLine(options);
  try {
    return await patiently(line, settings);
  } finally {
    await line.nc.close();
  }
}

async function patiently({ api }: Line, settings: Settings): Promise<Prepared> {
  const { patience } = settings;
  const until = performance.now() + (patience?.limitMs ?? 0);
  for (let told = false; ; ) {
    try {
      return await ensureStreams(api, settings);
    } catch (fault) {
      const goOn = fault instanceof BusFault && mayComeUp(fault) && performance.now() < until;
      if (!goOn || patience?.signal?.aborted === true) throw fault;
      if (!told) patience?.onWait(fault.message);
      told = true;
      await pause(AGAIN_MS);
    }
  }
}

/** As prepareStreams, but changes nothing. */
export async function checkStreams(
  options: ConnectOptions,
  settings: { replicas: number },
): Promise<readonly Difference[]> {
  const { nc, api } = await connectLine(options);
  try {
    return await compareStreams(api, settings.replicas);
  } finally {
    await nc.close();
  }
}
