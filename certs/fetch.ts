/** Reads a configured source: a file, or an http(s) address. Never an address out of a certificate. */
import { readFile, stat } from 'node:fs/promises';

const LONGEST = 20_000_000;
const PATIENCE = 10_000;

export const isUrl = (source: string): boolean => /^https?:\/\//.test(source);

/** @throws with a short reason */
export async function fetchSource(source: string): Promise<Buffer> {
  return isUrl(source) ? fetchUrl(source) : readShort(source);
}

async function readShort(file: string): Promise<Buffer> {
  if ((await stat(file)).size > LONGEST) throw new Error('is too long');
  return readFile(file);
}

/** One GET, no redirects, bounded in time and size. */
async function fetchUrl(url: string): Promise<Buffer> {
  // Loaded only where a list comes from an address: an HTTP client costs every start a tenth of it.
  const { request } = await import('undici');
  const { statusCode, body } = await request(url, {
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
    signal: AbortSignal.timeout(3 * PATIENCE),
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`answered ${statusCode}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += (chunk as Buffer).length;
    if (length > LONGEST) throw new Error('is too long');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
