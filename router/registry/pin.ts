/**
 * The lowest version of the register that is still taken. A broker, or who holds the credentials of
 * its operator, could show a pipeline that starts an older register that the registrar did once sign:
 * with an agency that was suspended since, or a certificate that was withdrawn. Every pipeline
 * writes down the highest version that it used, where nobody but a pipeline may write and nothing is
 * ever erased; and the operator may set a version below which nothing counts, whatever the broker says.
 */
import type { Bucket, Bus } from '../bus/bus.ts';

const KEY = 'register';

export interface Pin {
  readonly lowest: number;
  /** Writes down that this version was in use. @throws BusFault */
  raise(version: number): Promise<void>;
}

/** @param configured `registrar.lowestVersion` @throws BusFault */
export async function openPin(bus: Pick<Bus, 'bucket'>, configured = 0): Promise<Pin> {
  const bucket = await bus.bucket('pins');
  let { version: written } = await read(bucket);
  let lowest = Math.max(configured, written);
  return {
    get lowest() {
      return lowest;
    },
    async raise(version) {
      lowest = Math.max(lowest, version);
      if (written >= version) return;
      await write(bucket, version);
      written = version;
    },
  };
}

async function read(bucket: Bucket): Promise<{ version: number; revision: number }> {
  const found = await bucket.get(KEY);
  if (found === null) return { version: 0, revision: 0 };
  const version = Number(Buffer.from(found.value).toString());
  if (!Number.isSafeInteger(version)) throw new Error('the pin of the register cannot be read');
  return { version, revision: found.revision };
}

/** Another pipeline may write at the same time: only ever upwards. */
async function write(bucket: Bucket, version: number): Promise<void> {
  for (;;) {
    const present = await read(bucket);
    if (present.version >= version) return;
    const result = await bucket.swap(KEY, Buffer.from(String(version)), present.revision);
    if (typeof result === 'number') return;
  }
}
