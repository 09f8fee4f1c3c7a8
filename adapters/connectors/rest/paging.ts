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
