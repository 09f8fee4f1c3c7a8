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
    readonly routes?: number;
    readonly jetstream?: {
      readonly config?: { readonly sync_always?: boolean; readonly store_dir?: string };
    };
  };
}

/** @throws BusFault when no server answers */
export async function askVariables({ nc }: Line): Promise<readonly ServerVariables[]> {
  const found: ServerVariables[] = [];
  try {
    // Nobody says how many servers there are; the last one has answered when it stays quiet.
    const answers = await nc.requestMany(subjects.variables, '', {
      strategy: 'stall',
      stall: 300,
      maxWait: 3000,
    });
    for await (const answer of answers) {
      if (answer.data.length === 0) continue;
      const { data } = answer.json<Varz>();
      found.push(readVariables(data));
      if (data?.routes === 0) break;
    }
  } catch (cause) {
    throw toFault('variables', cause);
  }
  if (found.length === 0) throw new BusFault('no server of the broker told its variables');
  return found;
}

export function readVariables(data: Varz['data']): ServerVariables {
  const config = data?.jetstream?.config;
  return {
    name: data?.server_name ?? '',
    version: data?.version ?? '',
    syncAlways: config?.sync_always === true,
    storeDirectory: config?.store_dir,
  };
}
