/** Cells in columns within the width of a screen: the widest columns are folded between words, words never. */

const ESC = String.fromCharCode(27);

/** Text without colour codes has the width that people see. */
const width = (text: string): number =>
  text.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '').length;
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)));

export interface Columns {
  /** One row as lines. */
  lines(row: readonly string[]): string[];
  /** Below the head. */
  readonly rule: string;
}

/** @param room characters that a line may take */
export function columns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  room = Number.POSITIVE_INFINITY,
): Columns {
  const widths = fit(head, rows, room);
  const line = (cells: readonly string[]) =>
    widths
      .map((size, at) => pad(cells[at] ?? '', size))
      .join('  ')
      .trimEnd();
  return {
    rule: line(widths.map((size) => '─'.repeat(size))),
    lines(row) {
      const cells = widths.map((size, at) => fold(row[at] ?? '', size));
      const height = Math.max(1, ...cells.map(({ length }) => length));
      return Array.from({ length: height }, (_, at) => line(cells.map((lines) => lines[at] ?? '')));
    },
  };
}

/** The width of each column: of its widest cell, or less until all fit, but never less than its longest word. */
function fit(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  room: number,
): readonly number[] {
  const most = (measure: (cell: string) => number) =>
    head.map((title, at) => Math.max(width(title), ...rows.map((row) => measure(row[at] ?? ''))));
  const widths = most(width);
  const least = most((cell) => Math.max(...cell.split(' ').map(width)));
  const spare = (at: number) => ((widths[at] ?? 0) > (least[at] ?? 0) ? (widths[at] ?? 0) : 0);
  let over = widths.reduce((sum, size) => sum + size + 2, -2) - room;
  while (over > 0) {
    const widest = widths.map((_, at) => at).sort((a, b) => spare(b) - spare(a))[0] ?? 0;
    if (spare(widest) === 0) break;
    widths[widest] = spare(widest) - 1;
    over -= 1;
  }
  return widths;
}

/** The lines of one text. */
export function fold(text: string, size: number): string[] {
  const lines = [''];
  if (width(text) <= size) return [text];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (width(longer) <= size) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
