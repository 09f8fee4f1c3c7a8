/** Looks at a broker as it is now, with the admin's credentials, and changes nothing. */
import type { BrokerApi } from './api.ts';
import { BusFault, type ServerVariables } from './bus.ts';
import { type ConnectOptions, connectLine } from './connect.ts';
import { CODE } from './faults.ts';
import { compareStreams, type Difference, STREAMS, type StreamName } from './streams.ts';
import { askVariables } from './variables.ts';

export interface Inspected {
  readonly servers: readonly ServerVariables[];
  readonly streams: readonly StreamState[];
  /** What is not as streams.ts says, with so many replicas. */
  readonly differences: readonly Difference[];
}

export interface StreamState {
  readonly stream: StreamName;
  /** The server that answers for it; absent on a server that stands alone, or while none does. */
  readonly leader: string | undefined;
  readonly copies: readonly Copy[];
  readonly messages: number;
  readonly bytes: number;
}

/** What another server than the leader has of a stream. */
export interface Copy {
  readonly server: string;
  /** It has all, and is in reach. */
  readonly current: boolean;
}

/** @throws BusFault */
export async function inspectBroker(
  options: ConnectOptions,
  { replicas }: { replicas: number },
): Promise<Inspected> {
  const line = await connectLine(options);
  try {
    const names = Object.keys(STREAMS) as StreamName[];
    const [servers, streams, differences] = await Promise.all([
      askVariables(line),
      Promise.all(names.map((name) => lookAt(line.api, name))),
      compareStreams(line.api, replicas),
    ]);
    return { servers, streams: streams.filter((one) => one !== undefined), differences };
  } finally {
    await line.nc.close();
  }
}

interface Info {
  readonly state: { readonly messages: number; readonly bytes: number };
  readonly cluster?: {
    readonly leader?: string;
    readonly replicas?: readonly {
      readonly name: string;
      readonly current?: boolean;
      readonly offline?: boolean;
    }[];
  };
}

async function lookAt(api: BrokerApi, stream: StreamName): Promise<StreamState | undefined> {
  try {
    const { state, cluster } = await api<Info>(`STREAM.INFO.${stream}`);
    const copies = (cluster?.replicas ?? []).map(({ name, current, offline }) => ({
      server: name,
      current: current === true && offline !== true,
    }));
    const { messages, bytes } = state;
    return { stream, leader: cluster?.leader, copies, messages, bytes };
  } catch (fault) {
    if (fault instanceof BusFault && fault.code === CODE.noStream) return undefined;
    throw fault;
  }
}
