/** Looks at a broker as it is now, with the admin's credentials, and changes nothing. */
import type { BrokerApi } from './api.ts';
import { BusFault, type ServerVariables } from './bus.ts';
import { type ConnectOptions, connectLine } from './connect.ts';
import { CODE, mayComeUp } from './faults.ts';
import { compareStream, type Difference, STREAMS, type StreamName } from './streams.ts';
import { askVariables } from './variables.ts';

export interface Inspected {
  readonly servers: readonly ServerVariables[];
  readonly streams: readonly StreamState[];
  /** What is not as streams.ts says, with so many replicas. */
  readonly differences: readonly Difference[];
}

export interface StreamState {
  readonly stream: StreamName;
  /** False when nobody answers for it now: it has no leader, and takes nothing. */
  readonly answers: boolean;
  /** How many servers should have it. */
  readonly replicas: number;
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
    const [servers, found] = await Promise.all([
      askVariables(line),
      Promise.all(names.map((name) => lookAt(line.api, name))),
    ]);
    const differences = found.flatMap(({ state: { stream, answers }, config }) =>
      answers ? compareStream(stream, config, replicas) : [],
    );
    return { servers, streams: found.map(({ state }) => state), differences };
  } finally {
    await line.nc.close();
  }
}

interface Info {
  readonly config: { readonly num_replicas: number } & Record<string, unknown>;
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

interface Found {
  readonly state: StreamState;
  /** Null when there is no such stream. */
  readonly config: Record<string, unknown> | null;
}

async function lookAt(api: BrokerApi, stream: StreamName): Promise<Found> {
  try {
    return toFound(stream, await api<Info>(`STREAM.INFO.${stream}`));
  } catch (fault) {
    if (!(fault instanceof BusFault)) throw fault;
    if (fault.code !== CODE.noStream && !mayComeUp(fault)) throw fault;
    const answers = fault.code === CODE.noStream;
    const none = { leader: undefined, copies: [], messages: 0, bytes: 0 };
    return { state: { stream, answers, replicas: 0, ...none }, config: null };
  }
}

function toFound(stream: StreamName, { config, state, cluster }: Info): Found {
  const copies = (cluster?.replicas ?? []).map(({ name, current, offline }) => ({
    server: name,
    current: current === true && offline !== true,
  }));
  const { messages, bytes } = state;
  const { num_replicas: replicas } = config;
  const leader = cluster?.leader;
  return { state: { stream, answers: true, replicas, leader, copies, messages, bytes }, config };
}
