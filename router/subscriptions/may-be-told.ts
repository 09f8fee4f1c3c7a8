import type { Wish } from '../../schemas/case-events.ts';
import { CASE_EVENT } from '../../schemas/case-events.ts';
import { type Explanation, explainRule, ROLES } from '../../schemas/policy.ts';
import { type Agency, inForce, type Register } from '../registry.ts';
import type { Subscription } from './subscription.ts';

/**
 * Whether the matrix has any rule by which this agency could be told, on this basis, by that source or
 * by anybody. What a single event may be told to it is decided when it comes (stages/decide.ts).
 */
export function mayBeTold(
  register: Register,
  { rollen }: Pick<Agency, 'rollen'>,
  { bron, grondslag }: Pick<Wish, 'bron' | 'grondslag'>,
): Explanation {
  const van = bron === undefined ? Object.keys(ROLES) : (register.agency(bron)?.rollen ?? []);
  return explainRule({ van, berichttype: CASE_EVENT, naar: rollen, grondslag });
}

/**
 * Whether this register may end it for good: one that is older than the subscription has not heard yet
 * why it was allowed.
 */
export const mayEnd = (
  { version }: Pick<Register, 'version'>,
  { register = 0 }: Pick<Subscription, 'register'>,
): boolean => version >= register;

/** Whether its right is gone: out of the register or of force, or no rule is left for its roles and basis. */
export function hasLostRight(
  register: Register,
  subscriber: Agency | undefined,
  wish: Pick<Wish, 'bron' | 'grondslag'>,
  at: number,
): boolean {
  if (subscriber === undefined || !inForce(subscriber, at)) return true;
  return !mayBeTold(register, subscriber, wish).allowed;
}
