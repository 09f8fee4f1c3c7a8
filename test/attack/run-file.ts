/** Runs one test file in a process of its own, and says which tests failed and what was told. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSeen, type Seen } from './saw.ts';

const tests = join(dirname(fileURLToPath(import.meta.url)), '..');
const SECONDS = 240;

export interface Ran {
  /** Titles of the tests that failed; `*` when the file did not get to its end. */
  readonly failed: readonly string[];
  readonly seen: readonly Seen[];
  readonly output: string;
  readonly seconds: number;
}

/** @param file below test/, without its ending */
export async function runFile(file: string): Promise<Ran> {
  const from = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', join(tests, `${file}.test.js`)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'test' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone already, and all that it started.
    }
  };
  const limit = setTimeout(kill, SECONDS * 1000);
  child.on('exit', kill);
  const status = await new Promise<number | null>((done) => child.on('close', done));
  clearTimeout(limit);
  return { ...judge(output, status), output, seconds: (performance.now() - from) / 1000 };
}

function judge(output: string, status: number | null): Pick<Ran, 'failed' | 'seen'> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: uvu may colour its words
  const plain = output.replaceAll(/\u001b\[[0-9;]*m/g, '');
  const failed = [...plain.matchAll(/^\s*FAIL\s+"(.*)"$/gm)].map(([, title]) => title ?? '');
  const total = Number(/^\s*Total:\s+(\d+)/m.exec(plain)?.[1] ?? 0);
  const broken = total === 0 || (status !== 0 && failed.length === 0);
  return { failed: broken ? ['*', ...failed] : failed, seen: readSeen(plain) };
}
