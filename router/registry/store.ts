/**
 * Where the register lies on the broker: signed entries and manifests, each under a key that is
 * written once, and one pointer that says which manifest holds. Who can write here can withhold a
 * register, and cannot make one up.
 */
import { createHash } from 'node:crypto';
import type { Bucket } from '../bus/bus.ts';

/** How an entry is named: by its content. */
export const hashOf = (jws: string): string => createHash('sha256').update(jws).digest('hex');

const CURRENT = 'current';
const manifestKey = (version: number): string => `manifest.${version}`;
const entryKey = (hash: string): string => `entry.${hash}`;

export class RegisterStore {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async #text(key: string): Promise<string | undefined> {
    const found = await this.#bucket.get(key);
    return found === null ? undefined : Buffer.from(found.value).toString();
  }

  /** The version that holds; null when there is none yet. */
  async current(): Promise<{ version: number; revision: number } | null> {
    const found = await this.#bucket.get(CURRENT);
    return found && { version: Number(Buffer.from(found.value)), revision: found.revision };
  }

  manifest(version: number): Promise<string | undefined> {
    return this.#text(manifestKey(version));
  }

  /** The first version after this one that has no manifest: one may be left of an apply that fell. */
  async free(after: number): Promise<number> {
    let version = after + 1;
    while ((await this.manifest(version)) !== undefined) version++;
    return version;
  }

  /** @throws Error when what lies there is not what its name says */
  async entry(hash: string): Promise<string | undefined> {
    const jws = await this.#text(entryKey(hash));
    if (jws !== undefined && hashOf(jws) !== hash) throw new Error('an entry is not what it was');
    return jws;
  }

  async putEntry(jws: string): Promise<void> {
    await this.#bucket.swap(entryKey(hashOf(jws)), Buffer.from(jws), 0);
  }

  /** Makes this the version that holds. @returns false when another wrote in between: look again */
  async publish(version: number, manifest: string, revision: number): Promise<boolean> {
    const written = await this.#bucket.swap(manifestKey(version), Buffer.from(manifest), 0);
    if (typeof written !== 'number') return false;
    const pointed = await this.#bucket.swap(CURRENT, Buffer.from(`${version}`), revision);
    return typeof pointed === 'number';
  }

  /** Calls back with the version that holds, now and at each change. */
  watch(onVersion: (version: number) => void): Promise<() => void> {
    return this.#bucket.watch((key, value) => {
      if (key === CURRENT && value !== null) onVersion(Number(Buffer.from(value)));
    });
  }
}
