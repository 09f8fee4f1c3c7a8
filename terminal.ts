/**
 * How Ketenpost speaks to people and to other programs: results on standard output, progress and
 * errors on standard error, colour only on a terminal that wants it.
 */
import type { Report } from './schemas/command.ts';

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Colours by meaning. Each leaves the text as it is where colour is not wanted. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
  dim(text: string): string;
}

const ESC = String.fromCharCode(27);

export function paintFor(stream: Stream, env: NodeJS.ProcessEnv = process.env): Paint {
  const wanted = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint = (code: number) => (text: string) =>
    wanted ? `${ESC}[${code}m${text}${ESC}[0m` : text;
  return { good: paint(32), bad: paint(31), strong: paint(1), dim: paint(2) };
}

/** Text without colour codes has the width that people see. */
const width = (text: string): number =>
  text.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '').length;
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)));

/** Columns as wide as their widest cell, two spaces apart, a rule below the head. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const widths = head.map((title, at) =>
    Math.max(width(title), ...rows.map((row) => width(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((size, at) => pad(cells[at] ?? '', size))
      .join('  ')
      .trimEnd();
  const rule = widths.map((size) => '─'.repeat(size)).join('  ');
  return [paint.strong(line(head)), paint.dim(rule), ...rows.map(line)].join('\n');
}

export interface Failure {
  readonly message: string;
  readonly next: string;
  readonly code?: string;
  readonly faults?: readonly { readonly plaats: string; readonly melding: string }[];
}

export interface Terminal {
  readonly out: Paint;
  progress(text: string): void;
  line(text: string): void;
  report(report: Report): void;
  failure(failure: Failure): void;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly stdout?: Stream;
  readonly stderr?: Stream;
}

export function openTerminal(options: TerminalOptions): Terminal {
  const { json, stdout = process.stdout, stderr = process.stderr } = options;
  const [out, err] = [paintFor(stdout), paintFor(stderr)];
  const live = stderr.isTTY === true;
  let open = false;

  /** On a terminal progress overwrites itself; whatever is written next must clear it first. */
  const clear = () => {
    if (open) stderr.write(`\r${ESC}[K`);
    open = false;
  };
  return {
    out,
    progress(text) {
      if (json) return;
      clear();
      stderr.write(live ? err.dim(text) : `${text}\n`);
      open = live;
    },
    line(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    report(report) {
      clear();
      for (const part of json ? inJson(report) : inWords(report, out)) stdout.write(`${part}\n`);
    },
    failure(failure) {
      clear();
      stderr.write(json ? `${JSON.stringify({ error: failure })}\n` : said(failure, err));
    },
  };
}

const inJson = (report: Report): string[] =>
  report.json === undefined ? [] : [JSON.stringify(report.json, null, 2)];

const inWords = ({ text, table: rows }: Report, paint: Paint): string[] =>
  [text, rows && rows.rows.length > 0 ? table(rows.head, rows.rows, paint) : undefined].filter(
    (part) => part !== undefined,
  );

function said({ message, next, code, faults = [] }: Failure, paint: Paint): string {
  const what = `${paint.bad('error:')} ${message}${code === undefined ? '' : ` (${code})`}`;
  const places = faults.map(({ plaats, melding }) => `  ${plaats || '/'}  ${melding}`);
  return `${[what, ...places, `${paint.dim('next:')}  ${next}`].join('\n')}\n`;
}
