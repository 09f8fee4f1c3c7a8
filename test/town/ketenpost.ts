/**
 * The command line as an operator of the town types it, in this process: half a second of loading a room
 * is paid once. That a process does the same is told in test/cli.test.ts; what runs on, runs as PROGRAM.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../command-line.ts';

export const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'ketenpost.js');

export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function runKetenpost(...args: readonly string[]): Promise<Said> {
  const [stdout, stderr] = [kept(), kept()];
  const untilStopped = () => new AbortController().signal;
  const status = await runCommandLine(args, { stdout, stderr, untilStopped });
  return { status, stdout: stdout.text, stderr: stderr.text };
}

/** An output, no terminal, that keeps what is written to it. */
const kept = () => ({
  text: '',
  write(text: string) {
    this.text += text;
  },
});

/** As runKetenpost with --json. @throws Error with what was said, when it did not succeed */
export async function askKetenpost<T>(...args: readonly string[]): Promise<T> {
  const { status, stdout, stderr } = await runKetenpost(...args, '--json');
  if (status !== 0) throw new Error(`ketenpost ${args.slice(0, 2).join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
