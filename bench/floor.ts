/**
 * The floor: the cryptographic operations of operations.ts by node:crypto alone, one after the
 * other, on bytes of the right length. No JOSE, no base64, no JSON, no promise: whatever the real
 * path costs above this is ours.
 */
import type { Case } from './cases.ts';
import { median, sum } from './figures.ts';
import { actsOf } from './floor-keys.ts';
import { OPERATIONS, type Operation, timesOf } from './operations.ts';
import { sizesOf } from './sizes.ts';

export interface FloorLine extends Operation {
  readonly bytes: number;
  readonly times: number;
  /** CPU of one operation. */
  readonly microseconds: number;
}

export interface Floor {
  /** CPU of all the operations of one message, in milliseconds. */
  readonly cpu: number;
  readonly lines: readonly FloorLine[];
}

export interface FloorOptions {
  /** How often each operation is timed; the median counts. */
  readonly rounds: number;
  /** How long one timing goes on, in milliseconds. */
  readonly slice: number;
}

/** Measures the floor of one case. Blocks the event loop while it measures. */
export async function measureFloor(of: Case, options: FloorOptions): Promise<Floor> {
  const acts = await actsOf(of.profile);
  const sizes = sizesOf(of);
  const tasks = OPERATIONS.map((operation) => acts[operation.act](sizes[operation.thing]));
  const rounds = Array.from({ length: options.rounds }, () =>
    tasks.map((task) => cpuOf(task, options.slice)),
  );
  const lines = OPERATIONS.map((operation, at) => ({
    ...operation,
    bytes: sizes[operation.thing],
    times: timesOf(operation, of.recipients),
    microseconds: median(rounds.map((round) => round[at] ?? 0)),
  }));
  return { cpu: sum(lines.map((line) => line.times * line.microseconds)) / 1000, lines };
}

/** Microseconds of CPU that one run of the task takes, over as many runs as fit in the slice. */
function cpuOf(task: () => void, slice: number): number {
  task();
  const before = process.cpuUsage();
  const end = performance.now() + slice;
  let runs = 0;
  do {
    for (let i = 0; i < 4; i += 1) task();
    runs += 4;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}
