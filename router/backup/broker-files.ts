/** Where the files of a broker lie, and whether it runs: read from the settings that it runs on. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CommandError } from '../../schemas/command.ts';
import { configFile } from '../bus/places.ts';

export interface BrokerPlace {
  readonly store: string;
  readonly host: string;
  readonly port: number;
  readonly clustered: boolean;
}

/** @throws CommandError usage, when the folder holds no settings that ketenpost wrote */
export async function readBrokerPlace(dir: string): Promise<BrokerPlace> {
  const file = configFile(dir);
  const text = await readFile(file, 'utf8').catch(() => '');
  const store = /^\s*store_dir: (".*")$/m.exec(text)?.[1];
  const [, host, port] = /^listen: "(.*):(\d+)"$/m.exec(text) ?? [];
  if (store === undefined || host === undefined) {
    const next = 'Name the folder that ketenpost broker config wrote.';
    throw new CommandError('usage', `${file} holds no settings of a broker`, next);
  }
  const clustered = /^cluster \{$/m.test(text);
  return { store: JSON.parse(store) as string, host, port: Number(port), clustered };
}

/** @throws CommandError refused, when something listens where this broker would */
export async function mustNotRun({ host, port }: BrokerPlace): Promise<void> {
  if (!(await listens(host, port))) return;
  const next = 'Stop the router first, then the broker (systemctl stop ketenpost-broker).';
  throw new CommandError('refused', `the broker runs, on port ${port}`, next);
}

/** A server that listens everywhere is found on loopback too. */
function listens(host: string, port: number): Promise<boolean> {
  const address = ['0.0.0.0', '::', '[::]'].includes(host) ? 'localhost' : host;
  return new Promise((done) => {
    const socket = connect({ host: address, port, timeout: 2000 });
    const end = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/** Messages of others, sealed: in no backup unless asked for. */
const WITH_BODIES = ['MAILBOX', 'DEADLETTER'];

/** Whether a file of the store holds, or could hold, bodies. */
export const holdsBodies = (path: string): boolean => {
  const parts = path.split('/');
  const at = parts.lastIndexOf('streams');
  return at >= 0 && WITH_BODIES.includes(parts[at + 1] ?? '');
};

/** The settings and credentials of a broker, as far as they are there. */
export const settingsOf = (dir: string, store: string, paths: readonly string[]): string[] =>
  paths.filter((path) => !join(dir, path).startsWith(join(store, '/')));
