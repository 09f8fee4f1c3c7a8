/**
 * Endpoints that said they are gone (410). Nothing is brought to them until the registrar signs
 * another entry of the agency: kept by the digest of the entry, where nobody but a pipeline writes.
 */
import { digestOf } from '../../certs/digest.ts';
import type { Oin } from '../../schemas/ids.ts';
import type { Bucket, Bus } from '../bus/bus.ts';
import type { Agency } from '../registry.ts';

export interface Stops {
  has(agency: Agency): Promise<boolean>;
  /** @returns whether it is news */
  add(agency: Agency): Promise<boolean>;
}

const keyOf = (oin: Oin): string => `push-${oin}`;

export function openStops(bus: Pick<Bus, 'bucket'>): Stops {
  let opened: Promise<Bucket> | undefined;
  const bucket = (): Promise<Bucket> => {
    opened ??= bus.bucket('pins').catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const has = async ({ oin, registratie }: Agency): Promise<boolean> => {
    const found = await (await bucket()).get(keyOf(oin));
    return found !== null && Buffer.from(found.value).toString() === digestOf(registratie);
  };
  return {
    has,
    async add(agency) {
      if (await has(agency)) return false;
      await (await bucket()).put(keyOf(agency.oin), Buffer.from(digestOf(agency.registratie)));
      return true;
    },
  };
}
