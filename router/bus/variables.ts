/**
 * Asks the servers of the broker for their variables. The answer comes through one subject that
 * the system account lends to ours: no monitoring port has to be open, it works from another
 * machine, over the same TLS, and every server of a cluster answers.
 */

import { BusFault, type ServerVariables } from './bus.ts';
import { toFault } from './faults.ts';
import type { Line } from './line.ts';
import { subjects } from './subjects.ts';

interface Varz {
  readonly data?: {
    readonly server_name?: string;
    readonly version?: string;
    readonly jetstream?: {
      readonly config?: {
        readonly sync_always?: boolean;
        readonly store_dir?: string;
        readonly max_storage?: number;
      };
      readonly stats?: { readonly storage?: number };
      readonly meta?: { readonly cluster_size?: number };
    };
  };
}

const LIMIT_MS = 2000;

/** @throws BusFault when no server answers */
export async function askVariables({ nc }: Line): Promise<readonly ServerVariables[]> {
  const found: ServerVariables[] = [];
  try {
    const answers = await nc.requestMany(subjects.variables, '', {
      strategy: 'timer',
      maxWait: LIMIT_MS,
    });
    for await (const answer of answers) {
      if (answer.data.length === 0) continue;
      const { data } = answer.json<Varz>();
      found.push(readVariables(data));
      // Each knows how many there are. One that is away is waited for, and then done without.
      if (found.length >= Math.max(...found.map(({ clusterSize }) => clusterSize))) break;
    }
  } catch (cause) {
    throw toFault('variables', cause);
  }
  if (found.length === 0) throw new BusFault('no server of the broker told its variables');
  return found;
}

export function readVariables(data: Varz['data']): ServerVariables {
  const { config, stats, meta } = data?.jetstream ?? {};
  return {
    name: data?.server_name ?? '',
    version: data?.version ?? '',
    syncAlways: config?.sync_always === true,
    storeDirectory: config?.store_dir,
    stored: stats?.storage ?? 0,
    room: config?.max_storage ?? 0,
    clusterSize: meta?.cluster_size ?? 1,
  };
}
