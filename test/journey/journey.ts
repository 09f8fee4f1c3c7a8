/** A town for one file of journeys: opened before the first, stopped and removed after the last. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'uvu';
import { startTown, type Town, type TownOptions } from '../town/town.ts';

const LAST_WORDS = 8;

/**
 * @returns how to write a journey: it is given the town; when one fails, the ends of the logs are
 * shown once, because what went wrong is told there
 */
export function journeys(test: Test, options: Omit<TownOptions, 'folder'> = {}) {
  let town: Town | undefined;
  let told = false;
  test.before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ketenpost-journey-'));
    town = await startTown({ ...options, folder });
  });
  test.after(async () => {
    await town?.stop();
    if (town !== undefined) rmSync(town.folder, { recursive: true, force: true });
  });
  return (name: string, walk: (town: Town) => Promise<void>) =>
    test(name, async () => {
      if (town === undefined) throw new Error('the town did not start');
      await walk(town).catch((error) => {
        if (!told) tellLogs(town as Town);
        told = true;
        throw error;
      });
    });
}

function tellLogs({ broker, router, adapters }: Town): void {
  for (const { name, log } of [broker, ...router, ...Object.values(adapters)]) {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LAST_WORDS);
    process.stderr.write(`--- ${name}\n${lines.join('\n')}\n`);
  }
}
