/** Shows what changes until it ends: redrawn in place on a terminal, line by line elsewhere. */
import { setTimeout as pause } from 'node:timers/promises';
import { fold } from '../../schemas/columns.ts';

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Watched {
  /** What is to be seen now, a line each. @param columns of the screen; undefined where no line is too long */
  look(columns?: number): Promise<{ readonly lines: readonly string[]; readonly over: boolean }>;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly everyMs: number;
}

const ESC = String.fromCharCode(27);
/** The other screen of a terminal, without a cursor; and back to the first as it was. */
const ENTER = `${ESC}[?1049h${ESC}[?25l`;
const LEAVE = `${ESC}[?25h${ESC}[?1049l`;
const HOME = `${ESC}[H`;
const CLEAR_LINE = `${ESC}[K`;
const CLEAR_BELOW = `${ESC}[J`;

/** Returns when it is over or the signal says stop; the terminal is left as it was found, also by a failure. */
export async function watch({ look, screen, signal, everyMs }: Watched): Promise<void> {
  const live = screen.isTTY === true;
  let shown = '';
  if (live) screen.write(ENTER);
  try {
    while (!signal.aborted) {
      const { lines, over } = await look(live ? (screen.columns ?? 80) : undefined);
      const text = live ? frame(lines, screen) : `${lines.join('\n')}\n\n`;
      if (live || text !== shown) screen.write(text);
      shown = text;
      if (over) return;
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    if (live) screen.write(LEAVE);
  }
}

/** A line that is too long is folded here: the terminal would do so too, and push the first lines out. */
function frame(lines: readonly string[], { rows = 24, columns = 80 }: Screen): string {
  const folded = lines.flatMap((line) => fold(line, columns).flatMap((one) => cut(one, columns)));
  const fitting = folded.slice(0, Math.max(1, rows - 1));
  return `${HOME}${fitting.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`;
}

/** A word that is longer than a line goes on in the next. */
const cut = (line: string, columns: number): string[] =>
  Array.from({ length: Math.max(1, Math.ceil(line.length / columns)) }, (_, at) =>
    line.slice(at * columns, (at + 1) * columns),
  );
