/**
 * Real processes, started, waited for and stopped. What they write goes to one log file each; their
 * ready line is waited for on standard output. Nothing that was started here outlives us.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface Started {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** The line that said it is ready. */
  readonly ready: string;
  /** Asks it to stop and waits; after the time limit it is made to. */
  stop(): Promise<void>;
  /** As a machine fails: at once, without a word. */
  kill(): Promise<void>;
  readonly isRunning: () => boolean;
}

export interface ToStart {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly log: string;
  /** What the ready line looks like. */
  readonly ready: RegExp;
  readonly env?: Readonly<Record<string, string>>;
  /** In a process group of its own, so that Ctrl-C reaches us alone and we stop it in order. */
  readonly apart?: boolean;
  readonly seconds?: number;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @throws Error with the end of its log, when it ends or stays silent before it is ready */
export async function startProcess(what: ToStart): Promise<Started> {
  const log = openSync(what.log, 'a', 0o600);
  const child = spawn(what.command, what.args, {
    stdio: ['ignore', 'pipe', log],
    detached: what.apart === true,
    env: { ...process.env, NO_COLOR: '1', ...what.env },
  });
  running.add(child);
  const ended = new Promise<void>((done) => {
    child.once('error', () => done());
    child.once('exit', () => done());
  }).finally(() => running.delete(child));
  void ended.then(() => closeSync(log));
  const ready = await firstReadyLine(child, ended, what, log);
  return {
    name: what.name,
    pid: child.pid ?? 0,
    log: what.log,
    ready,
    isRunning: () => running.has(child),
    stop: () => stop(child, ended),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function firstReadyLine(
  child: ChildProcess,
  ended: Promise<void>,
  { name, ready, seconds = 30, log }: ToStart,
  fd: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`${name} ${why}; the end of ${log}:\n${tail(log)}`));
    };
    const limit = setTimeout(() => fail(`was not ready in ${seconds} s`), seconds * 1000);
    void ended.then(() => fail('ended before it was ready')).finally(() => clearTimeout(limit));
    const { stdout } = child;
    if (stdout === null) return;
    createInterface({ input: stdout }).on('line', (line) => {
      if (running.has(child)) writeSync(fd, `${line}\n`);
      if (!ready.test(line)) return;
      clearTimeout(limit);
      resolve(line);
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<void>, seconds = 15): Promise<void> {
  if (!running.has(child)) return;
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  await ended;
  clearTimeout(limit);
}

function tail(file: string, lines = 15): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/** A port that was free a moment ago; all are held open together, so that no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((done) =>
        server.listen(0, '127.0.0.1', () => done(server)),
      );
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
