/** Makes and checks the streams of a broker, with the admin's credentials. */

import { type ConnectOptions, connectLine } from './connect.ts';
import { compareStreams, type Difference, ensureStreams, type StreamName } from './streams.ts';

export interface Prepared {
  readonly made: readonly StreamName[];
  readonly updated: readonly StreamName[];
  /** What is not as it should be after all; with `update` normally nothing. */
  readonly differences: readonly Difference[];
}

/** Connects, makes the streams that are missing, and disconnects. */
export async function prepareStreams(
  options: ConnectOptions,
  settings: { replicas: number; update?: boolean },
): Promise<Prepared> {
  const { nc, api } = await connectLine(options);
  try {
    return await ensureStreams(api, settings);
  } finally {
    await nc.close();
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
