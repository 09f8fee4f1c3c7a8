/** What one case measured, and what follows from it. */
import type { Case } from './cases.ts';
import type { JetstreamFloor } from './floor-jetstream.ts';
import type { Floors } from './floors.ts';
import type { PathFigures, ProfileFigures } from './path.ts';
import { TARGETS } from './targets.ts';

export interface Result {
  readonly case: Case;
  readonly path: PathFigures;
  readonly floor: Floors;
  readonly jetstream: JetstreamFloor;
  readonly profile?: ProfileFigures;
  /** Load of the machine when the case began. */
  readonly load: number;
}

/** CPU of the path as a multiple of the floor, both with all cores at work. */
export const ratioOf = ({ path, floor }: Result): number => path.top.cpu.all / floor.loaded;

/** The same against the floor on an otherwise idle machine: the harder measure. */
export const ratioAlone = ({ path, floor }: Result): number => path.top.cpu.all / floor.alone.cpu;

/** The most that any process of this kind ever held, in bytes. */
export const peakOf = ({ path }: Result, kind: 'router' | 'adapter' | 'nats-server'): number =>
  Math.max(
    ...Object.entries(path.memory)
      .filter(([name]) => name.startsWith(kind))
      .map(([, { peak }]) => peak),
  );

export interface Judged {
  readonly target: string;
  readonly wanted: number;
  /** The worst of the cases. */
  readonly found: number;
  readonly unit: string;
}

export const isMet = ({ wanted, found }: Judged): boolean => found <= wanted;

/** Every target with the worst case that it was held against. */
export function judge(results: readonly Result[]): Judged[] {
  const worst = (pick: (result: Result) => number, of = results) => Math.max(...of.map(pick));
  const MB = 1024 * 1024;
  const ratios = (['rsa', 'ec'] as const).flatMap((profile) => {
    const mine = results.filter((result) => result.case.profile === profile);
    if (mine.length === 0) return [];
    const target = `CPU against its floor, ${PROFILE_NAMES[profile]}`;
    return [{ target, wanted: TARGETS.ratio[profile], found: worst(ratioOf, mine), unit: '×' }];
  });
  const memory = (['router', 'adapter'] as const).map((kind) => ({
    target: `peak memory, ${kind}`,
    wanted: TARGETS.memory[kind] / MB,
    found: worst((result) => peakOf(result, kind)) / MB,
    unit: 'MB',
  }));
  const p99 = worst(({ path }) => path.half.p99);
  return [
    ...ratios,
    { target: 'p99 at half of the top rate', wanted: TARGETS.p99, found: p99, unit: 'ms' },
    ...memory,
  ];
}

export const PROFILE_NAMES = { rsa: 'RSA-3072', ec: 'P-256' } as const;
