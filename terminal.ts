/**
 * How Ketenpost speaks to people and to other programs: results on standard output, progress and
 * errors on standard error, colour only on a terminal that wants it. What others wrote steers no terminal.
 */
import { columns } from './schemas/columns.ts';
import type { Report } from './schemas/command.ts';
import { harmless } from './schemas/harmless.ts';

export interface Stream {
  readonly isTTY?: boolean;
  /** Of a terminal. Lines for a pipe or a file are not folded: programs read them. */
  readonly columns?: number;
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

/**
 * Columns as wide as their widest cell, two spaces apart, a rule below the head.
 * @param room characters that a line may take: the widest columns are folded between words, words never
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  room = Number.POSITIVE_INFINITY,
): string {
  const { lines, rule } = columns(head, rows, room);
  const titles = lines(head).map((line) => paint.strong(line));
  return [...titles, paint.dim(rule), ...rows.flatMap(lines)].join('\n');
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
      const told = harmless(text);
      stderr.write(live ? err.dim(told) : `${told}\n`);
      open = live;
    },
    line(text) {
      clear();
      stdout.write(`${harmless(text)}\n`);
    },
    report(report) {
      clear();
      for (const part of json ? inJson(report) : inWords(report, out, stdout.columns || undefined))
        stdout.write(`${part}\n`);
    },
    failure(failure) {
      clear();
      stderr.write(harmless(json ? `${JSON.stringify({ error: failure })}\n` : said(failure, err)));
    },
  };
}

const inJson = (report: Report): string[] =>
  report.json === undefined ? [] : [harmless(JSON.stringify(report.json, null, 2))];

const inWords = ({ text, table: rows }: Report, paint: Paint, room?: number): string[] =>
  [
    text === undefined ? undefined : harmless(text),
    rows && rows.rows.length > 0
      ? table(
          rows.head,
          rows.rows.map((row) => row.map(harmless)),
          paint,
          room,
        )
      : undefined,
  ].filter((part) => part !== undefined);

function said({ message, next, code, faults = [] }: Failure, paint: Paint): string {
  const what = `${paint.bad('error:')} ${message}${code === undefined ? '' : ` (${code})`}`;
  const places = faults.map(({ plaats, melding }) => `  ${plaats || '/'}  ${melding}`);
  return `${[what, ...places, `${paint.dim('next:')}  ${next}`].join('\n')}\n`;
}
