/** What the demo comes to: tables for people, JSON for programs, and whether all was as expected. */
import type { Report } from '../../schemas/command.ts';
import { table } from '../../terminal.ts';
import type { Refused, Told } from './told.ts';
import type { Voice } from './voice.ts';

export interface Result {
  readonly keys: string;
  readonly seconds: number;
  readonly messages: readonly Told[];
  readonly refusals: readonly Refused[];
  readonly proofs: readonly Refused[];
  /** Why the story broke off, if it did. */
  readonly broken?: string;
}

export const isAsExpected = ({ messages, refusals, proofs, broken }: Result): boolean =>
  broken === undefined &&
  [messages, refusals, proofs].every(
    (lines) => lines.length > 0 && lines.every(({ asExpected }) => asExpected),
  );

export const toReport = (result: Result): Report => ({
  json: { ok: isAsExpected(result), ...result },
  exit: isAsExpected(result) ? 'ok' : 'failed',
});

export function show(result: Result, voice: Voice): void {
  const { out } = voice.terminal;
  const mark = (good: boolean) => (good ? out.good('✓') : out.bad('✗'));
  voice.heading('What travelled');
  voice.lines(
    table(
      ['', 'message', 'from', 'to', 'states, and seconds until the sender knew', 'digest'],
      result.messages.map((line) => [
        mark(line.asExpected),
        ...[line.message, line.from, line.to, statesOf(line), line.digestMatch ? 'same' : 'OTHER'],
      ]),
      out,
    ),
  );
  voice.heading('What was refused, and what the proof says');
  voice.lines(
    table(
      ['', 'attempt', 'by', 'outcome'],
      [...result.refusals, ...result.proofs].map((line) => [
        mark(line.asExpected),
        ...[line.attempt, line.from],
        line.asExpected ? line.got : `${line.got}, expected ${line.expected}`,
      ]),
      out,
    ),
  );
  verdict(result, voice);
}

/** `aanvaard 14:02:11 +0.06 → afgeleverd +0.11`: the clock of the first, then how long it took. */
const statesOf = ({ states, seen }: Told): string =>
  states
    .map(({ staat, op }, at) => {
      const clock = at === 0 ? ` ${op.slice(11, 19)}` : '';
      return `${staat}${clock} +${((seen[staat] ?? 0) / 1000).toFixed(2)}`;
    })
    .join(' → ');

function verdict(result: Result, voice: Voice): void {
  const lines = [...result.messages, ...result.refusals, ...result.proofs];
  const good = lines.filter(({ asExpected }) => asExpected).length;
  voice.heading(`${good} of ${lines.length} lines as expected, in ${result.seconds.toFixed(1)} s`);
  if (result.broken !== undefined) voice.bad(`the story broke off: ${result.broken}`);
}
