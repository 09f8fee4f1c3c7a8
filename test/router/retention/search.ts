/** Looks for bytes in every file below a folder, as whoever stole the disk would. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below it. One that goes while we look is left out: it is gone. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** A piece from the middle: neither what stands before it nor what stands after it can hide it. */
export const pieceOf = (text: string): string =>
  text.slice(text.length >> 1, (text.length >> 1) + 64);

/** The files in which any of these bytes stand. */
export function filesWith(folder: string, ...pieces: readonly string[]): string[] {
  const wanted = pieces.map((piece) => Buffer.from(piece));
  return filesBelow(folder).filter((path) => {
    const bytes = readIfThere(path);
    return wanted.some((piece) => bytes.includes(piece));
  });
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
