/** A colour as Ketenpost itself writes it (terminal.ts). */
const COLOUR = new RegExp(`^${String.fromCharCode(27)}\\[(?:0|1|2|31|32)m`);
const KEPT: ReadonlySet<string> = new Set(['\n', '\t']);

/**
 * Text of others as it may be shown: what would steer a terminal, or turn the order of reading, is written out
 * as JSON does (`\u009b`), so that JSON stays the same JSON. Lines, tabs and our own colours are left.
 */
export const harmless = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, (char: string, at: number) =>
    KEPT.has(char) || COLOUR.test(text.slice(at, at + 5)) ? char : written(char),
  );

const written = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
