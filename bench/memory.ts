/** Resident memory of the processes of the path, followed while they work. */
import { type Memory, memoryOf, type Watched } from './processes.ts';

export interface MemoryCourse {
  /** Bytes at the beginning and the end of the watch, and the most that the process ever held. */
  readonly start: number;
  readonly peak: number;
  readonly end: number;
}

export class MemoryWatch {
  readonly #processes: readonly Watched[];
  readonly #start: readonly Memory[];

  constructor(processes: readonly Watched[]) {
    this.#processes = processes;
    this.#start = processes.map(({ pid }) => memoryOf(pid));
  }

  /** By name of process. */
  read(): Record<string, MemoryCourse> {
    return Object.fromEntries(
      this.#processes.map(({ name, pid }, at) => {
        const { now, peak } = memoryOf(pid);
        return [name, { start: this.#start[at]?.now ?? now, peak, end: now }];
      }),
    );
  }
}
