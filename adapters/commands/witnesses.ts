import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type Command, CommandError } from '../../schemas/command.ts';
import { toUrn } from '../../schemas/ids.ts';
import { readWitnesses } from '../store/store.ts';
import type { WitnessRow } from '../store/witnesses.ts';
import { chooseAgency } from './choose-agency.ts';
import { textOf } from './local-api.ts';

/** One line of the export: what `ledger verify --witness` reads. */
export const toLine = ({ issuer, stated, size, head, jws }: WitnessRow): string =>
  `${JSON.stringify({ iss: toUrn(issuer), iat: stated, omvang: size, hoofd: head, waarmerk: jws })}\n`;

export const witnesses: Command = {
  name: 'adapter witnesses',
  summary: "export the checkpoints of the router's ledger that came with receipts",
  options: [
    ['--config <file>', 'adapter.yaml'],
    ['--agency <oin>', 'which agency, when the configuration has several'],
    ['--out <file>', 'where to write; standard output when absent'],
  ],
  example: 'ketenpost adapter witnesses --config adapter.yaml --out witnesses.jsonl',
  async run(_args, options, context) {
    const file = textOf(options, 'config');
    if (file === undefined)
      throw new CommandError('usage', '--config is missing', 'give --config adapter.yaml');
    const agency = await chooseAgency(file, textOf(options, 'agency'));
    const rows = readWitnesses(agency.store);
    const out = textOf(options, 'out');
    if (out === undefined) {
      const all = [...rows];
      for (const row of all) context.line(toLine(row).trimEnd());
      return { json: all.map((row) => JSON.parse(toLine(row)) as unknown) };
    }
    const written = await writeLines(out, rows);
    return { json: { file: out, written }, text: `${written} checkpoints written to ${out}` };
  },
};

async function writeLines(path: string, rows: Iterable<WitnessRow>): Promise<number> {
  const stream = createWriteStream(path, { mode: 0o600 });
  let written = 0;
  for (const row of rows) {
    if (!stream.write(toLine(row))) await once(stream, 'drain');
    written += 1;
  }
  stream.end();
  await once(stream, 'finish');
  return written;
}
