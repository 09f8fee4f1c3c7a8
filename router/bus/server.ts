/** Runs a nats-server with generated settings: for `ketenpost broker run`, the demo and tests. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BusFault } from './bus.ts';
import { knowsSyncInterval } from './durability.ts';
import { configFile } from './places.ts';

export interface RunningServer {
  readonly pid: number;
  /** Ends it in an orderly way, or by force when that takes too long. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Resolves when the process has ended, for whatever reason, with its last words. */
  readonly ended: Promise<{ status: number | null; lastWords: string }>;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 15_000;
const PLACES = ['/usr/sbin/nats-server', '/usr/local/bin/nats-server', '/usr/bin/nats-server'];

/** The program to run: NATS_SERVER_BIN, or one in the usual places, or whatever the PATH gives. */
export const serverProgram = (): string =>
  process.env['NATS_SERVER_BIN'] ?? PLACES.find((place) => existsSync(place)) ?? 'nats-server';

/** @throws BusFault when there is no nats-server that runs */
export function serverVersion(): string {
  const { stdout, status } = spawnSync(serverProgram(), ['--version'], { encoding: 'utf8' });
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(stdout ?? '')?.[1];
  if (status !== 0 || version === undefined) {
    throw new BusFault(`${serverProgram()} does not run as nats-server`);
  }
  return version;
}

/** Which server that is and what it does with what it acknowledges: for every report of a run. */
export function describeServer(): string {
  const version = serverVersion();
  const sync = knowsSyncInterval(version) ? 'sync_interval: always' : SLOW;
  return `nats-server ${version} (${sync})`;
}
const SLOW = 'writes to disk about every two minutes';

/**
 * Starts a server on the settings in `dir` and waits until it takes connections.
 * @throws BusFault with its last words when it does not come up
 */
export async function startServer(
  dir: string,
  onLine: (line: string) => void = () => {},
): Promise<RunningServer> {
  const [program, ...args] = withUs([serverProgram(), '-c', configFile(dir)]);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const last: string[] = [];
  const ended = watchEnd(child, () => last.join('\n'));
  await new Promise<void>((ready, failed) => {
    const fail = (why: string) => failed(new BusFault(`nats-server did not start: ${why}`));
    const limit = setTimeout(
      () => fail(`not ready within ${START_LIMIT_MS / 1000} s`),
      START_LIMIT_MS,
    );
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (last.push(line) > 10) last.shift();
      onLine(line);
      if (line.includes('Server is ready')) ready();
    });
    void ended.then(({ lastWords }) => fail(lastWords)).finally(() => clearTimeout(limit));
    child.once('spawn', () => limit.unref());
  });
  const end = (signal: NodeJS.Signals) => endServer(child, ended, signal);
  return { pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL'), ended };
}

const SETPRIV = '/usr/bin/setpriv';

/**
 * The command in such a form that the kernel tells the server to stop when we die without having
 * done so. Only Linux can, by setpriv of util-linux; elsewhere whatever keeps us running must end the
 * server too, as systemd does.
 */
const withUs = (command: readonly [string, ...string[]]): readonly [string, ...string[]] =>
  process.platform === 'linux' && existsSync(SETPRIV)
    ? [SETPRIV, '--pdeathsig', 'TERM', '--', ...command]
    : command;

function watchEnd(child: ChildProcess, words: () => string): RunningServer['ended'] {
  return new Promise((done) => {
    child.once('error', (error) => done({ status: null, lastWords: error.message }));
    child.once('exit', (status) => done({ status, lastWords: words() }));
  });
}

async function endServer(
  child: ChildProcess,
  ended: RunningServer['ended'],
  signal: NodeJS.Signals,
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(force);
}
