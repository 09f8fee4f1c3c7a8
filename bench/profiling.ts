/** Profiles the processes of a town while they are loaded: asks profiler.ts in each, and reads what it wrote. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../test/town/wait.ts';
import type { Watched } from './processes.ts';
import { readProfile, type Summary, summarise } from './profile.ts';

const PROFILER = fileURLToPath(new URL('./profiler.js', import.meta.url));

/** What the processes must be started with. */
export const profilingEnv = (folder: string): Record<string, string> => ({
  NODE_OPTIONS: `--import ${new URL(`file://${PROFILER}`).href}`,
  KETENPOST_PROFILES: folder,
});

/** Runs the work while all processes are profiled. @returns the summaries by name of process */
export async function profileDuring(
  processes: readonly Watched[],
  folder: string,
  work: () => Promise<unknown>,
): Promise<Record<string, Summary>> {
  const profiled = processes.filter(({ name }) => name !== 'nats-server');
  const signal = () => {
    for (const { pid } of profiled) process.kill(pid, 'SIGUSR2');
  };
  signal();
  await work();
  signal();
  const summaries = profiled.map(async ({ name, pid }) => {
    const file = await written(join(folder, `${pid}.cpuprofile`));
    return [name, summarise(readProfile(file))] as const;
  });
  return Object.fromEntries(await Promise.all(summaries));
}

/** Waits until the file is there and grows no more. */
async function written(file: string): Promise<string> {
  let size = -1;
  await until(`the profile ${file}`, () => {
    const now = existsSync(file) ? statSync(file).size : 0;
    const done = now > 0 && now === size;
    size = now;
    return done;
  });
  return file;
}
