/** What the kernel says of a process: CPU that it used, memory that it holds (proc(5)). Linux only. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Kernel clock ticks in a second: the unit of CPU time in /proc. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Milliseconds of CPU, all threads, in user and in kernel mode, since the process began. */
export function cpuOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold spaces; user and system time are the 12th and 13th after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

export interface Memory {
  /** Bytes now in memory. */
  readonly now: number;
  /** The most there ever was. */
  readonly peak: number;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}

export interface Watched {
  readonly name: string;
  readonly pid: number;
}

/** CPU of each process since the meter was made or last read. */
export class CpuMeter {
  readonly #processes: readonly Watched[];
  #before: number[];

  constructor(processes: readonly Watched[]) {
    this.#processes = processes;
    this.#before = processes.map(({ pid }) => cpuOf(pid));
  }

  /** @returns milliseconds by name of process */
  read(): Record<string, number> {
    const now = this.#processes.map(({ pid }) => cpuOf(pid));
    const spent = this.#processes.map(
      ({ name }, at) => [name, (now[at] ?? 0) - (this.#before[at] ?? 0)] as const,
    );
    this.#before = now;
    return Object.fromEntries(spent);
  }
}
