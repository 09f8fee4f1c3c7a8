/** How many items a list gives. */
import type { Parameter } from './route.ts';

const DEFAULT = 50;
const MOST = 200;

export const paging: Parameter = {
  name: 'aantal',
  description: 'How many at most',
  schema: { type: 'integer', minimum: 1, maximum: MOST, default: DEFAULT },
};

export function count(query: Readonly<Record<string, string>>): number {
  const asked = Number.parseInt(query['aantal'] ?? '', 10);
  return Number.isNaN(asked) ? DEFAULT : Math.max(1, Math.min(MOST, asked));
}

/** No list is longer; what is larger SQLite does not take for a whole number. */
const FURTHEST = 1_000_000_000;

export const skipping: Parameter = {
  name: 'vanaf',
  description: 'Leave out this many',
  schema: { type: 'integer', minimum: 0 },
};

/** How many items the list leaves out. */
export const furtherOn = ({ vanaf = '0' }: Readonly<Record<string, string>>): number =>
  Math.min(Math.max(0, Number.parseInt(vanaf, 10) || 0), FURTHEST);
