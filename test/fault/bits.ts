/** Flips single bits in the files of a stopped broker, as a disk does that rots. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from './chance.ts';

/** Where nats-server keeps a stream. */
export const streamFolder = (broker: string, stream: string): string =>
  join(broker, 'store', 'jetstream', 'KETENPOST', 'streams', stream);

/** From the subject to where the stored content is safely under way. */
const INTO = { least: 300, most: 900 } as const;

const NEWEST = 20;

/**
 * Flips one bit in the content of so many messages, spread over the newest of those whose subject has
 * this in it: what is older may have been erased.
 * @returns how many were flipped: less than asked when there are not so many
 */
export function flipBits(folder: string, inSubject: string, count: number, chance: Chance): number {
  const files = readdirSync(join(folder, 'msgs')).filter((name) => name.endsWith('.blk'));
  const places = files.flatMap((name) => {
    const file = join(folder, 'msgs', name);
    return placesOf(readFileSync(file), inSubject).map((at) => ({ file, at }));
  });
  const newest = places.slice(-NEWEST);
  const step = Math.max(1, Math.floor(newest.length / count));
  const chosen = newest.filter((_, index) => index % step === 0).slice(0, count);
  for (const { file, at } of chosen) {
    const bytes = readFileSync(file);
    const place = at + Math.floor(chance.between(INTO.least, INTO.most));
    bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(chance.between(0, 8)));
    writeFileSync(file, bytes);
  }
  return chosen.length;
}

/** Each place where the text stands, with enough behind it to be flipped. */
function placesOf(bytes: Buffer, text: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1))
    if (at + INTO.most < bytes.length) found.push(at);
  return found;
}
