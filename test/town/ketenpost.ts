/** The command line as an operator of the town types it. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'ketenpost.js');

export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export function runKetenpost(...args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done({ status, ...said }));
  });
}

/** As runKetenpost with --json. @throws Error with what was said, when it did not succeed */
export async function askKetenpost<T>(...args: readonly string[]): Promise<T> {
  const { status, stdout, stderr } = await runKetenpost(...args, '--json');
  if (status !== 0) throw new Error(`ketenpost ${args.slice(0, 2).join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
