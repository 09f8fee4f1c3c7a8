import { fromUrn, PATTERNS, parseOinUrn, parseUuid7, type Uuid } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { SubscriptionRow } from '../store/subscriptions.ts';

/** The router's list of our subscriptions, which nobody signed. @throws Refusal malformed */
export function readList(value: unknown): SubscriptionRow[] {
  const list = Array.isArray(value) ? value : Object(value)['abonnementen'];
  if (!Array.isArray(list)) throw new Refusal('malformed', 'the answer holds no subscriptions');
  try {
    return list.map((one) => readOne(Object(one) as Record<string, unknown>));
  } catch {
    throw new Refusal(
      'malformed',
      'a subscription of the answer has no id, or a source that is none',
    );
  }
}

/** @throws NotAnId */
function readOne(one: Record<string, unknown>): SubscriptionRow {
  const { id, source, zaak, regio, types, grondslag, begin, eind, beeindigdOp, reden } = one;
  const hasEnded = one['staat'] === 'beeindigd';
  const { aantal, laatstOp } = Object(one['overgeslagen']) as Record<string, unknown>;
  return {
    id: parseUuid7(id),
    source: typeof source === 'string' ? fromUrn(parseOinUrn(source)) : null,
    zaak: readCase(zaak),
    region: typeof regio === 'string' ? regio : null,
    types: Array.isArray(types) ? JSON.stringify(types.map(String)) : null,
    basis: String(grondslag ?? ''),
    begun: readTime(begin) ?? 0,
    until: readTime(eind),
    ended: hasEnded ? (readTime(beeindigdOp) ?? 0) : null,
    reason: hasEnded ? String(reden ?? 'onbekend').slice(0, 40) : null,
    heard: null,
    missed: Number.isSafeInteger(aantal) ? Number(aantal) : 0,
    missedAt: readTime(laatstOp),
  };
}

const readCase = (value: unknown): Uuid | null =>
  typeof value === 'string' && new RegExp(PATTERNS.uuid).test(value) ? (value as Uuid) : null;

function readTime(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
