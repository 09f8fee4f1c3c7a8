/** The ledger in a file of JSON lines, to be verified elsewhere, without the broker. */

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { CommandError } from '../../schemas/command.ts';
import type { Bus, Stored } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';

type Part = 'chain' | 'ledger';
interface Line {
  readonly part: Part;
  readonly seq: number;
  readonly subject: string;
  readonly at: number;
  /** The exact bytes, in base64. */
  readonly data: string;
}

/** The chain first: every entry that it covers is then in the file too. */
export async function exportLedger(
  bus: Bus,
  file: string,
  progress: (lines: number) => void = () => {},
): Promise<{ chain: number; ledger: number }> {
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await once(out, 'open');
  const written = { chain: 0, ledger: 0 };
  const parts: [Part, AsyncIterable<Stored>][] = [
    ['chain', bus.log('CHAIN').list(subjects.chain('*'))],
    ['ledger', bus.log('LEDGER').list(subjects.ledger('*'))],
  ];
  for (const [part, records] of parts) {
    for await (const { seq, subject, at, data } of records) {
      const line: Line = { part, seq, subject, at, data: Buffer.from(data).toString('base64') };
      if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain');
      progress(++written[part]);
    }
  }
  out.end();
  await finished(out);
  return written;
}

/** One part of an export. @throws CommandError failed, when a line is not as an export writes it */
export async function* readExport(file: string, part: Part): AsyncGenerator<Stored> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let number = 0;
  for await (const text of lines) {
    number++;
    const line = readLine(text);
    if (line === undefined) throw damaged(number);
    if (line.part === part) yield line.stored;
  }
}

function readLine(text: string): { part: Part; stored: Stored } | undefined {
  try {
    const { part, seq, subject, at, data: base64 } = JSON.parse(text) as Line;
    const data = Buffer.from(base64, 'base64');
    if (data.toString('base64') !== base64) return undefined;
    return { part, stored: { seq, subject, at, data, size: data.length, headers: {} } };
  } catch {
    return undefined;
  }
}

const damaged = (line: number): CommandError =>
  new CommandError(
    'failed',
    `line ${line} of the export is not as it was written: the file was changed or damaged`,
    'Export the ledger anew, or verify it at the broker itself.',
  );
