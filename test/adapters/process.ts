/** Runs a command of adapters/commands/ in a process of its own, as the command line would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './stand.ts';

const here = dirname(fileURLToPath(import.meta.url));
const commands = join(here, '..', '..', 'adapters', 'commands');

const SCRIPT = `
const [file, name, ...args] = process.argv.slice(1);
const command = Object.values(await import(file)).find((one) => one.name === name);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const options = JSON.parse(args.pop());
const report = await command.run(args, options, {
  progress: () => undefined,
  signal: stop.signal,
  line: (text) => process.stdout.write(text + '\\n'),
});
process.stdout.write(JSON.stringify(report) + '\\n');
`;

export class Running {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(file: string, name: string, options: object) {
    const args = [join(commands, `${file}.js`), name, JSON.stringify(options)];
    this.child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk) => (this.stdout += chunk));
    this.child.stderr?.on('data', (chunk) => (this.stderr += chunk));
    this.ended = new Promise((done) => this.child.once('close', (code) => done(code)));
  }

  line(pattern: RegExp): Promise<RegExpMatchArray> {
    return until(String(pattern), () => {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.stderr}`);
      return this.stdout.match(pattern);
    });
  }

  /** Resident memory in megabytes, where the system tells. */
  get megabytes(): number | undefined {
    const file = `/proc/${this.child.pid}/status`;
    if (!existsSync(file)) return undefined;
    const [, kilobytes] = readFileSync(file, 'utf8').match(/VmRSS:\s+(\d+)/) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  }
}
