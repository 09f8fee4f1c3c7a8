/**
 * Runs the test files, each in a process of its own with a time limit, four at a time, the long
 * ones first, and closes with the line `N passed, N failed`. A file in which no test ran has
 * failed: uvu alone would not notice a forgotten `test.run()`.
 *
 *   node dist/test/run.js [part of a path …]
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const SECONDS = 240;
/** More than there are cores: towns of processes mostly wait for one another. */
const AT_ONCE = 4;

interface Outcome {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly output: string;
  readonly seconds: number;
}

/** Whole towns of processes take longest; begun first, they do not end last. */
const isLong = (file: string) =>
  /^(journey|canary|fault|cluster|bench|model|fuzz)|restore|process/.test(file);

const files = (readdirSync(here, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.test.js'))
  .filter(
    (file) => process.argv.length < 3 || process.argv.slice(2).some((part) => file.includes(part)),
  )
  .sort((a, b) => Number(isLong(b)) - Number(isLong(a)) || a.localeCompare(b));

const running = new Set<number | undefined>();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    for (const pid of running) killGroup(pid);
    process.exit(130);
  });

function runFile(file: string): Promise<Outcome> {
  const started = Date.now();
  // Without source maps, which every one of these processes would read: a failure is looked into by
  // `node --enable-source-maps dist/test/<file>`.
  const child = spawn(process.execPath, [join(here, file)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'test', TEST_FILE_NUMBER: String(files.indexOf(file)) },
  });
  running.add(child.pid);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const limit = setTimeout(() => {
    output += `\nstopped: over ${SECONDS} s\n`;
    killGroup(child.pid);
  }, SECONDS * 1000);
  // Left-over processes hold the pipes open: they go at `exit`, so that `close` can come.
  child.on('exit', () => killGroup(child.pid));
  return new Promise((done) => {
    child.on('close', (status) => {
      clearTimeout(limit);
      running.delete(child.pid);
      done({
        file,
        ...readOutcome(output, status),
        output,
        seconds: (Date.now() - started) / 1000,
      });
    });
  });
}

/** What a test started and left behind dies with it. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

function readOutcome(output: string, status: number | null) {
  const count = (word: string) =>
    [...output.matchAll(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'gm'))].reduce(
      (sum, m) => sum + Number(m[1]),
      0,
    );
  const [total, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')];
  const broken = total === 0 || (status !== 0 && passed === total);
  return { passed, skipped, failed: Math.max(total - passed, broken ? 1 : 0) };
}

/** The names of the tests that failed; of a file that fell over, what it said of it. */
function firstFault(output: string): string {
  const tests = [...output.matchAll(/^\s*FAIL\s+(.*)$/gm)].map(([, name]) => name?.trim());
  const [said] = output.match(/^(stopped: .*|\w*Error.*|.*\berror TS.*)$/m) ?? [];
  return [...tests, ...(said === undefined ? [] : [said])].join('; ') || 'no test ran';
}

// Four towns that start at once would each make the keys that all of them copy.
if (process.argv.length < 3) spawnSync(process.execPath, [join(here, 'town/prepare-keys.js')]);

const outcomes: Outcome[] = [];
async function worker(queue: string[]): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const outcome = await runFile(file);
    outcomes.push(outcome);
    const mark = outcome.failed === 0 ? 'ok  ' : 'FAIL';
    const skipped = outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : '';
    print(
      `${mark} ${relative('.', file)}  ${outcome.passed} passed${skipped}  ${outcome.seconds.toFixed(1)} s`,
    );
    if (outcome.failed > 0) print(outcome.output);
  }
}

const print = (line: string) => process.stdout.write(`${line}\n`);
const queue = [...files];
await Promise.all(Array.from({ length: AT_ONCE }, () => worker(queue)));
const sum = (pick: (outcome: Outcome) => number) =>
  outcomes.reduce((total, one) => total + pick(one), 0);
// Again, in a line each: whoever sees only the end of a long output must see these.
for (const one of outcomes.filter(({ failed }) => failed > 0))
  print(`FAIL ${one.file}: ${firstFault(one.output)}`);
const failed = sum((one) => one.failed) + (files.length === 0 ? 1 : 0);
print(`${sum((one) => one.passed)} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
