/**
 * Checkpoints that others kept. Whoever rewrites the ledger with all its hashes, and even signs it
 * anew, cannot take back what the adapters hold.
 */
import type { Digest } from '../../schemas/ids.ts';
import type { ReadCheckpoint } from './checkpoints.ts';

type Say = (where: string, why: string) => void;

export interface Witnesses {
  /** Holds the head of the chain at this size against what was kept. */
  compare(size: number, head: Digest, fault: Say): void;
  /** Says which cover more entries than the chain has. */
  beyond(size: number, fault: Say): void;
}

interface Kept {
  readonly where: string;
  readonly head: Digest;
}

export async function readWitnesses(
  lines: readonly string[],
  read: ReadCheckpoint,
  fault: Say,
): Promise<Witnesses> {
  const kept = new Map<number, Kept[]>();
  for (const [at, jws] of lines.entries()) {
    const where = `witness ${at + 1}`;
    try {
      const { size, head } = await read(jws);
      kept.set(size, [...(kept.get(size) ?? []), { where, head }]);
    } catch (error) {
      fault(where, error instanceof Error ? error.message : 'cannot be read');
    }
  }
  return {
    compare(size, head, say) {
      for (const one of kept.get(size) ?? []) {
        if (one.head !== head) {
          say(
            one.where,
            `holds another history: the first ${size} entries are not what was signed`,
          );
        }
      }
    },
    beyond(size, say) {
      for (const [covered, all] of kept) {
        if (covered <= size) continue;
        for (const { where } of all) {
          say(where, `covers ${covered} entries, the chain has ${size}: entries were taken away`);
        }
      }
    },
  };
}

/**
 * The checkpoints in a file of JSON lines: each a JWS as a JSON string, or in a member `waarmerk`
 * or `jws`; a bare JWS is taken too.
 */
export const witnessLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(witnessLine);

function witnessLine(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'string') return value;
    const { waarmerk, jws } = value as { waarmerk?: unknown; jws?: unknown };
    return String(waarmerk ?? jws ?? '');
  } catch {
    return line;
  }
}
