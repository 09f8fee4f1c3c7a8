/** What each stream of a broker holds, by number and age: what the retention report begins with. */
import type { BrokerApi } from './api.ts';
import { BusFault } from './bus.ts';
import { type ConnectOptions, connectLine } from './connect.ts';
import { CODE } from './faults.ts';
import { STREAMS, type StreamName } from './streams.ts';

export interface Holding {
  readonly stream: StreamName;
  /** False when the broker has no such stream; the rest is then nothing. */
  readonly there: boolean;
  readonly count: number;
  readonly bytes: number;
  /** Milliseconds since 1970, by the broker's clock; null = it is empty. */
  readonly oldest: number | null;
  readonly newest: number | null;
  /** Messages that were stored and are no longer there. */
  readonly gone: number;
  /** Milliseconds after which the broker drops a message by itself; null = it does not. */
  readonly maxAge: number | null;
}

interface Info {
  readonly config: { readonly max_age?: number };
  readonly state: {
    readonly messages: number;
    readonly bytes: number;
    readonly first_ts: string;
    readonly last_ts: string;
    readonly last_seq: number;
  };
}

/** Asks with the admin's credentials: counts and times only, no message. @throws BusFault */
export async function askHoldings(options: ConnectOptions): Promise<Holding[]> {
  const { nc, api } = await connectLine(options);
  try {
    const names = Object.keys(STREAMS) as StreamName[];
    return await Promise.all(names.map((name) => holdingOf(api, name)));
  } finally {
    await nc.close();
  }
}

async function holdingOf(api: BrokerApi, stream: StreamName): Promise<Holding> {
  try {
    const { config, state } = await api<Info>(`STREAM.INFO.${stream}`);
    const { messages: count, bytes, last_seq: last } = state;
    const at = (time: string) => (count === 0 ? null : Date.parse(time));
    const maxAge = config.max_age === undefined || config.max_age === 0 ? null : config.max_age;
    return {
      ...{ stream, there: true, count, bytes, gone: last - count },
      ...{ oldest: at(state.first_ts), newest: at(state.last_ts) },
      maxAge: maxAge === null ? null : maxAge / 1e6,
    };
  } catch (fault) {
    if (!(fault instanceof BusFault) || fault.code !== CODE.noStream) throw fault;
    const none = { count: 0, bytes: 0, gone: 0, oldest: null, newest: null, maxAge: null };
    return { stream, there: false, ...none };
  }
}
