/**
 * The other floor: the writes that one message makes the router do (writes.ts), alone, through
 * router/bus on a nats-server of their own with the generated settings. No cryptography, no HTTP.
 */
import { randomBytes } from 'node:crypto';
import type { Bus } from '../router/bus/bus.ts';
import { startTestBroker } from '../test/router/bus/broker.ts';
import type { Case } from './cases.ts';
import { median, quantile } from './figures.ts';
import { clock, delaysOf, type Passed, rateOf, saturate } from './load.ts';
import { cpuOf } from './processes.ts';
import { type Write, writesOf } from './writes.ts';

export interface JetstreamFloor {
  /** Writes of one message. */
  readonly writes: number;
  /** Messages, with all their writes, a second. */
  readonly rate: number;
  /** Milliseconds from the first write of a message to its last. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of CPU for one message. */
  readonly cpu: { readonly client: number; readonly server: number };
}

export async function measureJetstreamFloor(
  of: Case,
  { window, count }: { window: number; count: number },
): Promise<JetstreamFloor> {
  const broker = await startTestBroker();
  try {
    const bus = broker.buses.pipeline;
    const send = () => writeAll(bus, of);
    await saturate(send, { window, count: Math.ceil(count / 10) });
    const [client, server] = [process.cpuUsage(), cpuOf(broker.pid())];
    const passed = await saturate(send, { window, count });
    const { user, system } = process.cpuUsage(client);
    const cpu = {
      client: (user + system) / 1000 / count,
      server: (cpuOf(broker.pid()) - server) / count,
    };
    return { writes: writesOf(of, clock()).flat().length, ...delays(passed), cpu };
  } finally {
    await broker.stop();
  }
}

async function writeAll(bus: Bus, of: Case): Promise<number> {
  for (const step of writesOf(of, clock())) {
    await Promise.all(step.map((write) => put(bus, write)));
  }
  return clock();
}

async function put(bus: Bus, { log, subject, bytes, expect }: Write): Promise<unknown> {
  if (log === 'take away') return (await bus.bucket('deadlines')).remove(subject);
  if (log === 'put') return (await bus.bucket('deadlines')).put(subject, randomBytes(bytes));
  return bus.log(log).put(subject, randomBytes(bytes), expect === undefined ? {} : { expect });
}

function delays(passed: readonly Passed[]): Pick<JetstreamFloor, 'rate' | 'p50' | 'p99'> {
  const all = delaysOf(passed);
  return { rate: rateOf(passed), p50: median(all), p99: quantile(all, 0.99) };
}
