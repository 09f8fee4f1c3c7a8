/** Runs every case and adds up. */
import { type Case, readCases } from './cases.ts';
import { askAll, askWhole, type Said } from './checks.ts';
import { KeyDesk } from './keys.ts';
import { algorithmOf, isAccepted, type Manner, mannerOf, REASONS, refusing } from './meaning.ts';

export interface Result {
  readonly case: Case;
  readonly said: Said;
  /** What verify or open as a whole said, with all its rules for headers. */
  readonly whole: string;
  readonly accepted: boolean;
  readonly manner: Manner | undefined;
}

export interface Line {
  readonly group: string;
  cases: number;
  accepted: number;
  meant: number;
  also: number;
  earlier: number;
  /** Valid for others, refused here. */
  stricter: number;
  /** Invalid, and accepted: must stay 0. */
  wrong: number;
}

export interface Difference {
  readonly why: string;
  readonly cases: string[];
}

export async function runCases(): Promise<Result[]> {
  const desk = await KeyDesk.open();
  const results: Result[] = [];
  for (const one of readCases()) {
    const said = await askAll(one, desk);
    const accepted = isAccepted(said);
    const manner = one.valid ? undefined : mannerOf(one, said);
    results.push({ case: one, said, accepted, manner, whole: await askWhole(one, desk) });
  }
  return results;
}

export function linesOf(results: readonly Result[]): Line[] {
  const lines = new Map<string, Line>();
  const none = { cases: 0, accepted: 0, meant: 0, also: 0, earlier: 0, stricter: 0, wrong: 0 };
  for (const { case: one, accepted, manner } of results) {
    const group = `${one.file} · ${one.group}`;
    const line = lines.get(group) ?? { group, ...none };
    lines.set(group, line);
    line.cases++;
    if (one.valid) line[accepted ? 'accepted' : 'stricter']++;
    else if (accepted) line.wrong++;
    else if (manner !== undefined) line[manner]++;
  }
  return [...lines.values()];
}

const SPACES = 'base64url is taken in its one canonical spelling, with nothing in between';

const PUBLISHED =
  'the private half of this key stands in RFC 7520; no such key is admitted (certs/weak.ts)';

/** The one table: every case in which we differ from what is expected, by reason. */
export function differencesOf(results: readonly Result[]): Difference[] {
  const found = new Map<string, Difference>();
  for (const result of results.filter(({ case: one, accepted }) => one.valid !== accepted)) {
    const why = whyOf(result);
    const difference = found.get(why) ?? { why, cases: [] };
    found.set(why, difference);
    difference.cases.push(`${result.case.file} ${result.case.id}`);
  }
  return [...found.values()];
}

/** Refused by the bridge's own rule about keys that name an algorithm, and by nothing else. */
export const byTheBridge = (results: readonly Result[]): Result[] =>
  results.filter(
    ({ said, accepted }) =>
      !accepted && refusing(said).join() === 'key' && said.key === 'algorithm-not-allowed',
  );

function whyOf({ case: one, said, accepted }: Result): string {
  if (accepted) return 'ACCEPTED, AND SHOULD NOT BE';
  const checks = refusing(said);
  const known = Object.values(REASONS).find(({ fits }) => fits.test(algorithmOf(one)));
  if (one.kind === 'jws' && checks.includes('encoding')) return SPACES;
  if (checks.includes('algorithm') && known !== undefined) return known.why;
  if (checks[0] === 'key' && one.group.startsWith('rfc')) return PUBLISHED;
  return `NO REASON KNOWN (${checks.join(', ')})`;
}
