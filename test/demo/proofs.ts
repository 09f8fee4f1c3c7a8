/** What is left when all is done: a ledger that proves itself, and does not when it is touched. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runKetenpost } from '../town/ketenpost.ts';
import type { Town } from '../town/town.ts';
import type { Refused } from './told.ts';
import type { Voice } from './voice.ts';

export async function proveIt(town: Town, voice: Voice): Promise<Refused[]> {
  voice.heading('6. What can be proven afterwards');
  const proofs: Refused[] = [];
  const prove = async (attempt: string, expected: 'whole' | 'not whole', ...args: string[]) => {
    voice.busy(attempt);
    const { status } = await runKetenpost('ledger', 'verify', ...args);
    const got = status === 0 ? 'whole' : status === 4 ? 'not whole' : `exit code ${status}`;
    const asExpected = got === expected;
    proofs.push({ attempt, from: 'operator', expected, got, asExpected });
    voice[asExpected ? 'good' : 'bad'](`${attempt}: ${got}`);
  };
  const config = ['--config', town.paths.router];
  const [witness, copy] = ['witnesses.jsonl', 'ledger.jsonl'].map((name) =>
    join(town.folder, name),
  ) as [string, string];
  const police = town.paths.adapterYaml('politie');
  await town.ketenpost('adapter', 'witnesses', '--config', police, '--out', witness);
  await prove(
    'the ledger, held against the checkpoints that the police kept',
    'whole',
    ...[...config, '--witness', witness],
  );
  await town.ketenpost('ledger', 'export', copy, ...config);
  changeOneByte(copy);
  await prove('a copy in which one byte was changed', 'not whole', ...[...config, '--file', copy]);
  return proofs;
}

/** Changes one byte inside an entry in the middle, and leaves all the rest as it was. */
function changeOneByte(file: string): void {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const entries = lines.flatMap((line, at) => (line.startsWith('{"part":"ledger"') ? [at] : []));
  const at = entries[Math.floor(entries.length / 2)] ?? 0;
  const entry = JSON.parse(lines[at] ?? '') as { data: string };
  const bytes = Buffer.from(entry.data, 'base64');
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  const changed = JSON.stringify({ ...entry, data: bytes.toString('base64') });
  writeFileSync(file, `${lines.with(at, changed).join('\n')}\n`);
}
