/**
 * Real processes, started, waited for and stopped. What they write goes straight to one log file
 * each, in which their ready line is looked for. Nothing that was started here outlives us.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { until } from './wait.ts';

export interface Started {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** The line that said it is ready. */
  readonly ready: string;
  isRunning(): boolean;
  /** Asks it to stop and waits; after the time limit it is made to. */
  stop(): Promise<void>;
  /** As a machine fails: at once, without a word. */
  kill(): Promise<void>;
}

export interface ToStart {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Written anew at each start. */
  readonly log: string;
  /** What the ready line looks like. */
  readonly ready: RegExp;
  readonly env?: Readonly<Record<string, string>>;
  /** In a process group of its own, so that Ctrl-C reaches us alone and we stop it in order. */
  readonly apart?: boolean;
}

const READY_SECONDS = 90;
const STOP_SECONDS = 15;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @throws Error with the end of its log, when it ends or stays silent before it is ready */
export async function startProcess(what: ToStart): Promise<Started> {
  const child = spawnLogged(what);
  running.add(child);
  const ended = new Promise<void>((done) => {
    child.once('error', () => done());
    child.once('exit', () => done());
  }).finally(() => running.delete(child));
  const ready = await readyLine(child, what).catch((cause) => {
    child.kill('SIGKILL');
    throw new Error(`${what.name} did not start; the end of ${what.log}:\n${tail(what.log)}`, {
      cause,
    });
  });
  const end = (signal: NodeJS.Signals) => endProcess(child, ended, signal);
  return {
    name: what.name,
    pid: child.pid ?? 0,
    log: what.log,
    ready,
    isRunning: () => running.has(child),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function spawnLogged({ command, args, log, apart = false, env = {} }: ToStart): ChildProcess {
  const file = openSync(log, 'w', 0o600);
  const child = spawn(command, args, {
    stdio: ['ignore', file, file],
    detached: apart,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  closeSync(file);
  return child;
}

const readyLine = (child: ChildProcess, { name, log, ready }: ToStart): Promise<string> =>
  until(
    `${name} to be ready`,
    () => {
      if (!running.has(child)) throw new Error(`${name} ended with code ${child.exitCode}`);
      return lines(log).find((line) => ready.test(line));
    },
    READY_SECONDS,
  );

async function endProcess(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals) {
  if (!running.has(child)) return;
  child.kill(signal);
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(limit);
}

const lines = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
const tail = (file: string, count = 15): string => lines(file).slice(-count).join('\n');
