/**
 * The floor twice: alone on the machine, and with every core at the same work, as the cores are when
 * the path is loaded. An operation costs more CPU time on a core whose neighbour works too.
 */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Case } from './cases.ts';
import { median } from './figures.ts';
import type { Floor, FloorOptions } from './floor.ts';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('./floor-child.js', import.meta.url));

export interface Floors {
  readonly alone: Floor;
  /** CPU of one message, in milliseconds, with all cores at work. */
  readonly loaded: number;
}

export async function measureFloors(of: Case, options: FloorOptions): Promise<Floors> {
  const once = async (): Promise<Floor> => {
    const args = [CHILD, of.name, String(options.rounds), String(options.slice)];
    return JSON.parse((await run(process.execPath, args)).stdout) as Floor;
  };
  const alone = await once();
  const together = await Promise.all(cpus().map(once));
  return { alone, loaded: median(together.map(({ cpu }) => cpu)) };
}
