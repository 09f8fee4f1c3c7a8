/**
 * Where the register lies on the broker: signed entries and manifests, each under a key that is
 * written once, and one pointer that says which manifest holds. Who can write here can withhold a
 * register, and cannot make one up.
 */
import { createHash } from 'node:crypto';
import type { Bucket } from '../bus/bus.ts';

export interface RegisterStore {
  /** The version that holds; null when there is none yet. */
  current(): Promise<{ version: number; revision: number } | null>;
  manifest(version: number): Promise<string | undefined>;
  /** The first version after this one that has no manifest: one may be left of an apply that fell. */
  free(after: number): Promise<number>;
  /** @throws when what lies there is not what its name says */
  entry(hash: string): Promise<string | undefined>;
  putEntry(jws: string): Promise<void>;
  /** Makes this the version that holds. @returns false when another wrote in between: look again */
  publish(version: number, manifest: string, revision: number): Promise<boolean>;
  /** Calls back with the version that holds, now and at each change. */
  watch(onVersion: (version: number) => void): Promise<() => void>;
}

/** How an entry is named: by its content. */
export const hashOf = (jws: string): string => createHash('sha256').update(jws).digest('hex');

const CURRENT = 'current';

export function openRegisterStore(bucket: Bucket): RegisterStore {
  const text = async (key: string) => {
    const found = await bucket.get(key);
    return found === null ? undefined : Buffer.from(found.value).toString();
  };
  const putOnce = (key: string, value: string) => bucket.swap(key, Buffer.from(value), 0);
  return {
    async current() {
      const found = await bucket.get(CURRENT);
      return found && { version: Number(Buffer.from(found.value)), revision: found.revision };
    },
    manifest: (version) => text(`manifest.${version}`),
    async free(after) {
      let version = after + 1;
      while ((await text(`manifest.${version}`)) !== undefined) version++;
      return version;
    },
    async entry(hash) {
      const jws = await text(`entry.${hash}`);
      if (jws !== undefined && hashOf(jws) !== hash) throw new Error('an entry is not what it was');
      return jws;
    },
    async putEntry(jws) {
      await putOnce(`entry.${hashOf(jws)}`, jws);
    },
    async publish(version, manifest, revision) {
      const written = await putOnce(`manifest.${version}`, manifest);
      if (typeof written !== 'number') return false;
      return typeof (await bucket.swap(CURRENT, Buffer.from(`${version}`), revision)) === 'number';
    },
    watch: (onVersion) =>
      bucket.watch((key, value) => {
        if (key === CURRENT && value !== null) onVersion(Number(Buffer.from(value)));
      }),
  };
}
