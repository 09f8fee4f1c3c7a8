/**
 * Who may tell what to whom, and on what legal basis. The rows are data (reference/beleid.json);
 * this room only looks them up and says why there is none.
 */
import { BELEID } from './generated/beleid.ts';

/** What an agency is in the chain; an agency may have several roles. */
export type Role = keyof typeof BELEID.rollen;
export interface RoleEntry {
  readonly naam: string;
  readonly omschrijving: string;
}
export const ROLES: Readonly<Record<Role, RoleEntry>> = BELEID.rollen;

/** A legal basis: the value of the claim `grondslag`. */
export type Grondslag = keyof typeof BELEID.grondslagen;
export interface GrondslagEntry {
  readonly wet: string;
  readonly artikel: string;
  /** What it allows, in one sentence. */
  readonly omschrijving: string;
  /** What must be kept to beside. */
  readonly waarborg?: string;
}
export const GRONDSLAGEN: Readonly<Record<Grondslag, GrondslagEntry>> = BELEID.grondslagen;

export const isRole = (value: unknown): value is Role =>
  typeof value === 'string' && Object.hasOwn(ROLES, value);
export const isGrondslag = (value: unknown): value is Grondslag =>
  typeof value === 'string' && Object.hasOwn(GRONDSLAGEN, value);

/** One thing that is allowed. Whatever no rule allows is not. */
export interface Rule {
  /** Stable: it stands in the ledger beside the decision. */
  readonly id: string;
  readonly van: Role;
  readonly berichttype: string;
  readonly naar: Role;
  readonly grondslag: Grondslag;
  /** Where the row comes from. */
  readonly bron: string;
}

/** The whole matrix: sender role, message type, recipient role, legal basis. */
export const MATRIX: readonly Rule[] = BELEID.matrix.flatMap(
  ({ van: senders, naar: recipients, berichttype, grondslag, bron }) =>
    senders.flatMap((van) =>
      recipients.map((naar) => ({
        id: `${berichttype}/${van}/${naar}/${grondslag}`,
        van,
        berichttype,
        naar,
        grondslag,
        bron,
      })),
    ),
);

/** A case to decide: the roles that sender and recipient have, as the register says. */
export interface PolicyQuestion {
  readonly van: readonly string[];
  readonly berichttype: string;
  readonly naar: readonly string[];
  readonly grondslag: string;
}

/** The rule that allows this, or undefined. */
export function findRule(question: PolicyQuestion): Rule | undefined {
  return rowsFor(question).find((rule) => rule.grondslag === question.grondslag);
}

export type Explanation =
  | { readonly allowed: true; readonly rule: Rule; readonly text: string }
  | {
      readonly allowed: false;
      readonly why: 'no-such-row' | 'other-basis' | 'basis-unknown';
      /** The bases on which it would be allowed; none with `no-such-row`. */
      readonly bases: readonly Grondslag[];
      readonly text: string;
    };

/** Answers for one case, in a sentence for people. Roles, types and bases only: nothing personal. */
export function explainRule(question: PolicyQuestion): Explanation {
  const rule = findRule(question);
  if (rule !== undefined) {
    const { wet, artikel } = GRONDSLAGEN[rule.grondslag];
    return {
      allowed: true,
      rule,
      text: `${rule.van} may send ${rule.berichttype} to ${rule.naar}: ${wet}, ${artikel}`,
    };
  }
  const rows = rowsFor(question);
  const bases = [...new Set(rows.map((row) => row.grondslag))];
  if (bases.length === 0) {
    const { van, berichttype, naar } = question;
    const isAnybody = Object.keys(ROLES).every((role) => van.includes(role));
    const who = isAnybody ? 'nobody may' : `${words(van, 'whoever has no role')} may not`;
    const to = words(naar, 'whoever has no role');
    const text = `${who} send ${berichttype} to ${to}; ${possible(question)}`;
    return { allowed: false, why: 'no-such-row', bases, text };
  }
  const why = isGrondslag(question.grondslag) ? 'other-basis' : 'basis-unknown';
  return { allowed: false, why, bases, text: inSentences(rows) };
}

const rowsFor = ({ van, berichttype, naar }: PolicyQuestion): Rule[] =>
  MATRIX.filter(
    (rule) =>
      rule.berichttype === berichttype && van.includes(rule.van) && naar.includes(rule.naar),
  );

/** Each role with its own bases: what is true of one sender is not of another. */
function inSentences(rows: readonly Rule[]): string {
  const basesOf = new Map<string, Set<string>>();
  for (const { van, berichttype, naar, grondslag } of rows) {
    const what = `${van} may send ${berichttype} to ${naar}`;
    basesOf.set(what, (basesOf.get(what) ?? new Set()).add(grondslag));
  }
  return [...basesOf]
    .map(([what, bases]) => `${what}, but only on the basis ${words([...bases])}`)
    .join('; ');
}

/** What the sender could do instead. */
function possible({ van, berichttype }: PolicyQuestion): string {
  const ofType = MATRIX.filter((rule) => rule.berichttype === berichttype);
  const mine = ofType.filter((rule) => van.includes(rule.van));
  const whom = words(mine.map((rule) => rule.naar));
  if (mine.length > 0)
    return van.length === 1 ? `it may send that to ${whom}` : `that goes to ${whom}`;
  if (ofType.length > 0) return `that is sent by ${words(ofType.map((rule) => rule.van))}`;
  return 'nobody sends that type';
}

const words = (items: readonly string[], none = 'nobody'): string =>
  [...new Set(items)].join(' or ') || none;
