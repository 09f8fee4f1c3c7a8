/** How the demo tells its story: plain lines for people, nothing but the result for programs. */
import { openTerminal, type Terminal } from '../../terminal.ts';

export interface Voice {
  readonly terminal: Terminal;
  heading(text: string): void;
  say(text: string): void;
  /** Lines that are laid out already. */
  lines(text: string): void;
  /** Something that has happened, as it should. */
  good(text: string): void;
  /** Something that is not as it should be. */
  bad(text: string): void;
  /** Something that takes a while; told again when it has gone on. */
  busy(text: string): void;
}

export function openVoice(json: boolean): Voice {
  const terminal = openTerminal({ json });
  const { out } = terminal;
  const line = (text: string) => {
    if (!json) terminal.line(text);
  };
  return {
    terminal,
    heading: (text) => line(`\n${out.strong(text)}`),
    say: (text) => line(`  ${text}`),
    lines: line,
    good: (text) => line(`  ${out.good('✓')} ${text}`),
    bad: (text) => line(`  ${out.bad('✗')} ${text}`),
    busy: (text) => terminal.progress(`  … ${text}`),
  };
}
