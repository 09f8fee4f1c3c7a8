/**
 * The real path, from the REST API of the sender's adapter to the receipt `afgeleverd` in the
 * sender's store: first as fast as it goes, then at half of that rate by the clock.
 */
import type { Case } from './cases.ts';
import { median, quantile, sum } from './figures.ts';
import { arrive, delaysOf, rateOf, type Send, saturate } from './load.ts';
import { type MemoryCourse, MemoryWatch } from './memory.ts';
import { CpuMeter, memoryOf } from './processes.ts';
import type { Summary } from './profile.ts';
import { profileDuring } from './profiling.ts';
import type { Street } from './street.ts';
import { type Verified, verifyArrival } from './verify.ts';

export interface Plan {
  /** Messages on their way at once when the top rate is sought. */
  readonly window: number;
  /** Messages before anything is measured: in a fresh town, and in one that has worked already. */
  readonly warmUp: { readonly fresh: number; readonly next: number };
  /** Seconds of each of the two measurements. */
  readonly seconds: number;
  /** In place of the seconds of the first: this many messages. */
  readonly count?: number;
}

export interface Delays {
  readonly messages: number;
  /** Messages a second: that came through at the top, that were due at half of it. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Top {
  readonly delays: Delays;
  /** Milliseconds of CPU for one message, in all and by process. */
  readonly cpu: { readonly all: number; readonly by: Readonly<Record<string, number>> };
  /** Writes to the broker for one message, by stream. */
  readonly writes: Readonly<Record<string, number>>;
  /** Resident bytes along the way, at every tenth. */
  readonly course: readonly Readonly<Record<string, number>>[];
}

export interface PathFigures {
  readonly top: Top;
  readonly half: Delays;
  readonly memory: Readonly<Record<string, MemoryCourse>>;
  readonly verified: Verified;
}

export type Progress = (text: string) => void;

export async function measurePath(
  street: Street,
  of: Case,
  plan: Plan,
  progress: Progress,
): Promise<PathFigures> {
  const route = await street.route(of);
  const tell = (phase: string) => (done: number) => {
    if (done % 200 === 0) progress(`${of.name}: ${phase}, ${done} messages`);
  };
  try {
    const { send, sent, ends } = route;
    const memory = new MemoryWatch(street.processes);
    const warmUp = { ...plan, count: street.isFresh() ? plan.warmUp.fresh : plan.warmUp.next };
    const first = await saturate(send, warmUp, tell('warming up'));
    const count = plan.count ?? Math.ceil(rateOf(first) * plan.seconds);
    const top = await measureTop(street, send, { ...plan, count }, tell('top rate'));
    const rate = top.delays.rate / 2;
    const paced = { rate, count: Math.ceil(rate * plan.seconds) };
    const passed = await arrive(send, paced, tell('half of the top rate'));
    const verified = verifyArrival(sent, ends);
    return { top, half: { ...delaysIn(passed), rate }, memory: memory.read(), verified };
  } finally {
    await route.close();
  }
}

export interface ProfileFigures {
  readonly messages: number;
  readonly processes: Readonly<Record<string, Summary>>;
}

/** Loads a town that is warm once more, and says where the time goes. */
export async function profilePath(
  street: Street,
  of: Case,
  { window, seconds }: Plan,
  progress: Progress,
): Promise<ProfileFigures> {
  const route = await street.route(of);
  const messages = 50 * seconds;
  progress(`${of.name}: profiling ${messages} messages`);
  try {
    const work = () => saturate(route.send, { window, count: messages });
    return { messages, processes: await profileDuring(street.processes, street.folder, work) };
  } finally {
    await route.close();
  }
}

async function measureTop(
  street: Street,
  send: Send,
  load: { window: number; count: number },
  progress: (done: number) => void,
): Promise<Top> {
  const [meter, before] = [new CpuMeter(street.processes), await street.written()];
  const course = [residentBytes(street)];
  const tenth = Math.ceil(load.count / 10);
  const passed = await saturate(send, load, (done) => {
    progress(done);
    if (done % tenth === 0) course.push(residentBytes(street));
  });
  const perMessage = (total: number) => total / load.count;
  const by = mapValues(meter.read(), perMessage);
  const after = await street.written();
  const writes = mapValues(after, (total, log) => perMessage(total - (before[log] ?? 0)));
  return { delays: delaysIn(passed), cpu: { all: sum(Object.values(by)), by }, writes, course };
}

const residentBytes = ({ processes }: Street): Record<string, number> =>
  Object.fromEntries(processes.map(({ name, pid }) => [name, memoryOf(pid).now]));

function delaysIn(passed: Parameters<typeof delaysOf>[0]): Delays {
  const all = delaysOf(passed);
  const [p50, p99] = [median(all), quantile(all, 0.99)];
  return { messages: all.length, rate: rateOf(passed), p50, p99 };
}

const mapValues = (
  values: Readonly<Record<string, number>>,
  change: (value: number, name: string) => number,
): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
