/**
 * Looks for what should be gone in the very bytes of the files. Values lie there encrypted, over
 * several pages: pieces of the ciphertext are searched for, each short enough to lie in one page.
 */
import { open, stat } from 'node:fs/promises';
import type { Sealed } from '../store/vault.ts';

export interface Found {
  /** How many bytes of files were searched, and for how many pieces. */
  readonly doorzocht: number;
  readonly stukken: number;
  /** How many pieces are still there; 0 when all is gone. */
  readonly gevonden: number;
}

export interface Proof extends Found {
  /** The write-ahead log is empty; false when another process was reading it. */
  readonly leeggemaakt: boolean;
}

const PIECE = 32;
const PIECES = 12;
const CHUNK = 4 * 1024 * 1024;

/** Pieces from all over each value. */
export const needlesOf = (values: readonly Sealed[]): Buffer[] =>
  values.flatMap(({ body }) => {
    const bytes = Buffer.from(body);
    const last = bytes.length - PIECE;
    if (last <= 0) return bytes.length > 0 ? [bytes] : [];
    const at = Array.from({ length: PIECES }, (_, n) => Math.floor((last * n) / (PIECES - 1)));
    return [...new Set(at)].map((from) => bytes.subarray(from, from + PIECE));
  });

export async function search(files: readonly string[], needles: readonly Buffer[]): Promise<Found> {
  let doorzocht = 0;
  let gevonden = 0;
  for (const file of files) {
    const there = await stat(file).catch(() => undefined);
    if (there === undefined) continue;
    for await (const chunk of chunksOf(file)) {
      gevonden += needles.filter((needle) => chunk.includes(needle)).length;
    }
    doorzocht += there.size;
  }
  return { doorzocht, stukken: needles.length, gevonden };
}

/** Each begins with the end of the one before, so that nothing falls between two. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(CHUNK);
    for (let at = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, at);
      yield buffer.subarray(0, bytesRead);
      if (bytesRead < CHUNK) return;
      at += CHUNK - PIECE;
    }
  } finally {
    await file.close();
  }
}
