/**
 * `npm run attack [-- id …]`: tries every row of the catalogue for real, and prints a table: the
 * attack, what happened, the code, and whether that is as it should be. Writes docs/attacks.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../project.ts';
import { CommandError } from '../../schemas/command.ts';
import type { Row, TestName } from './catalogue/row.ts';
import { isThere } from './existing.ts';
import { HELP, readIds } from './options.ts';
import { type Ran, runFile } from './run-file.ts';
import { attacksPage, everyRow, titleOf } from './table.ts';

const AT_ONCE = 2;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** The rows that are wanted. Ends the process when it is told to help, or asked for what is not there. */
function readWanted(): string[] {
  const known = everyRow().map(({ id }) => id);
  try {
    const ids = readIds(process.argv.slice(2), known);
    if (ids !== 'help') return ids;
    process.stdout.write(HELP);
    return process.exit(0);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`error: ${error.message}\nnext:  ${error.next}\n`);
    return process.exit(2);
  }
}

const wanted = readWanted();
const rows = everyRow().filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const testsOf = (row: Row): readonly TestName[] => ('tests' in row ? row.tests : []);
const partOf = (test: TestName): string => test.split(' › ')[0] ?? '';
const files = [...new Set(rows.flatMap(testsOf).map(partOf))];

const ran = new Map<string, Ran>();
const queue = [...files];
async function work(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const outcome = await runFile(file);
    ran.set(file, outcome);
    process.stderr.write(`${ran.size}/${files.length} ${file} ${outcome.seconds.toFixed(1)} s\n`);
  }
}

/** Why a test did not show what it should; undefined when it did. */
function faultOf(test: TestName): string | undefined {
  const outcome = ran.get(partOf(test));
  if (!isThere(test)) return `there is no test ${test}`;
  const broken = outcome?.failed.some((title) => title === '*' || title.includes(titleOf(test)));
  return broken === false ? undefined : `failed: ${test}`;
}

interface Judged {
  readonly row: Row;
  readonly codes: readonly string[];
  readonly figures: readonly string[];
  readonly faults: readonly string[];
}

function judge(row: Row): Judged {
  if ('absent' in row) return { row, codes: [], figures: [], faults: [] };
  const seen = row.tests.flatMap((test) => ran.get(partOf(test))?.seen ?? []);
  const mine = seen.filter(({ id }) => id === row.id);
  const codes = [...new Set(mine.map(({ code }) => code))].sort();
  const figures = [...new Set(mine.flatMap(({ figure }) => figure ?? []))];
  const faults = row.tests.flatMap((test) => faultOf(test) ?? []);
  const tells = row.tests.some((test) => test.startsWith('attack/'));
  if (tells && mine.length > 0 && codes.join() !== [...row.codes].sort().join())
    faults.push(`ended with ${codes.join(', ')}, should be ${row.codes.join(', ')}`);
  return { row, codes: codes.length > 0 ? codes : row.codes, figures, faults };
}

/** Words, broken into lines of this width. */
function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

const WIDTHS = [16, 46, 52, 26, 4] as const;
function print(cells: readonly [string, string, string, string, string]): void {
  const columns = cells.map((cell, at) => wrap(cell, WIDTHS[at] ?? 10));
  const height = Math.max(...columns.map(({ length }) => length));
  for (let at = 0; at < height; at++)
    say(
      columns
        .map((lines, column) => (lines[at] ?? '').padEnd(WIDTHS[column] ?? 10))
        .join('  ')
        .trimEnd(),
    );
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
print(['id', 'attack', 'what happened', 'code', 'pass']);
const judged = rows.map(judge);
for (const { row, codes, figures, faults } of judged) {
  if ('absent' in row) {
    print([row.id, row.attack, `does not apply: ${row.absent}`, '–', '–']);
    continue;
  }
  const happened = faults.length > 0 ? faults.join('; ') : [row.outcome, ...figures].join('; ');
  print([row.id, row.attack, happened, codes.join(', '), faults.length === 0 ? 'yes' : 'NO']);
}
for (const [file, { failed, output }] of ran)
  if (failed.length > 0) process.stderr.write(`\n${file}\n${output}\n`);
const failed = judged.filter(({ faults }) => faults.length > 0);
const absent = judged.filter(({ row }) => 'absent' in row);
if (wanted.length === 0) writeFileSync(join(projectFolder(), 'docs', 'attacks.md'), attacksPage());
say(
  `${judged.length - absent.length - failed.length} withstood, ${failed.length} failed, ${absent.length} do not apply; ${files.length} test files`,
);
process.exit(failed.length === 0 && rows.length > 0 ? 0 : 1);
