import { isDeepStrictEqual } from 'node:util';
import type { Draft } from './agency-file.ts';

export interface Change {
  readonly oin: Draft['oin'];
  readonly naam: string;
  readonly what: 'new' | 'changed' | 'removed';
  /** The member that changed; empty with new and removed. */
  readonly member: string;
  readonly from: string;
  readonly to: string;
}

/** What would be otherwise, member by member, in order of OIN. */
export function compare(present: readonly Draft[], wanted: readonly Draft[]): Change[] {
  const before = new Map(present.map((draft) => [draft.oin, draft]));
  const after = new Map(wanted.map((draft) => [draft.oin, draft]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap((oin) => compareOne(before.get(oin), after.get(oin)));
}

function compareOne(before: Draft | undefined, after: Draft | undefined): Change[] {
  if (after === undefined) return before ? [whole(before, 'removed')] : [];
  if (before === undefined) return [whole(after, 'new')];
  const members = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Draft>;
  return [...members]
    .filter((member) => !isDeepStrictEqual(before[member], after[member]))
    .map((member) => ({
      oin: after.oin,
      naam: after.naam,
      what: 'changed' as const,
      member,
      from: tell(member, before),
      to: tell(member, after),
    }));
}

const whole = ({ oin, naam }: Draft, what: 'new' | 'removed'): Change => ({
  oin,
  naam,
  what,
  member: '',
  from: '',
  to: '',
});

/** A member in so few words that it fits in a table. */
function tell(member: keyof Draft, draft: Draft): string {
  if (member === 'certificaten') {
    return draft.certificaten
      .map(({ gebruik, x5t, tot }) => `${gebruik} ${x5t.slice(0, 12)}${tot ? ` until ${tot}` : ''}`)
      .join(', ');
  }
  const value = draft[member];
  if (value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
