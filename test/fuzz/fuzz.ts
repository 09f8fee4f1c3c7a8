/**
 * `npm run fuzz -- --minutes N --seed S`: every law over and over with new seeds until the time is up.
 * Prints the seed of the run, what was tried, what came back and how large the router is. Ends with
 * exit code 1 at the first law that is broken, with the seed that breaks it, and when memory grows.
 */
import { CommandError } from '../../schemas/command.ts';
import { uphold } from './law.ts';
import { openRange } from './laws.ts';
import { HELP, readOptions } from './options.ts';

/** Ends the process when it is told to help, or asked for what is not there. */
function readWanted() {
  try {
    const asked = readOptions(process.argv.slice(2), Date.now() % 2 ** 31);
    if (!asked.help) return asked;
    process.stdout.write(HELP);
    return process.exit(0);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`error: ${error.message}\nnext:  ${error.next}\n`);
    return process.exit(2);
  }
}

const { minutes, seed } = readWanted();
const say = (line: string) => process.stdout.write(`${line}\n`);
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const end = performance.now() + minutes * 60_000;
const range = await openRange();
const tried = new Map<string, number>();
const sizes: { readonly minute: number; readonly rss: number; readonly heap: number }[] = [];
say(`seed ${seed}, ${minutes} minutes, ${range.laws.length} laws`);

let nextLook = 0;
async function look(): Promise<void> {
  if (performance.now() < nextLook) return;
  nextLook = performance.now() + Math.min(30_000, minutes * 6000);
  const { rss, heap, faults } = await range.target.state();
  const minute = minutes - (end - performance.now()) / 60_000;
  sizes.push({ minute, rss, heap });
  const total = [...tried.values()].reduce((sum, one) => sum + one, 0);
  say(
    `${minute.toFixed(1)} min: ${total} values, router ${mb(rss)} (heap ${mb(heap)}), this process ${mb(process.memoryUsage().rss)}`,
  );
  if (faults > 0) throw new Error(`${faults} faults in the log of the router`);
}

/** After a warming up of a third of the time it may vary, and not climb. */
function checkFlat(): void {
  const warm = sizes.filter(({ minute }) => minute >= minutes / 3);
  const part = Math.max(1, Math.floor(warm.length / 3));
  const mean = (some: typeof sizes) => some.reduce((sum, { rss }) => sum + rss, 0) / some.length;
  const [first, last] = [mean(warm.slice(0, part)), mean(warm.slice(-part))];
  say(`memory of the router: ${mb(first)} after warming up, ${mb(last)} at the end`);
  if (warm.length >= 3 && last > first * 1.2 + 20e6)
    throw new Error('the memory of the router grows');
}

try {
  for (let round = 0; performance.now() < end; round++)
    for (const [at, one] of range.laws.entries()) {
      if (performance.now() >= end) break;
      await uphold(one, (seed + round * 1000 + at) | 0);
      tried.set(one.name, (tried.get(one.name) ?? 0) + one.runs);
      await look();
    }
  nextLook = 0;
  await look();
  say('\nlaw                                                                      values');
  for (const [name, count] of tried) say(`${name.padEnd(72)} ${count}`);
  say('\nanswers of the door');
  for (const [code, count] of [...range.answers].sort(([, a], [, b]) => b - a))
    say(`${code.padEnd(28)} ${count}`);
  say('');
  checkFlat();
  say('no crash, no fault, no answer without a documented code');
  await range.close();
} catch (error) {
  say(`BROKEN: ${error instanceof Error ? error.message : String(error)}`);
  await range.close().catch(() => undefined);
  process.exit(1);
}
process.exit(0);
