/**
 * What must hold and what JSON Schema cannot say, by message type. Each rule is a row: its id, what
 * it expects, and the places where it does not hold. docs/errors.md lists them.
 */
import type { Bericht } from './generated/wire.ts';
import type { Fault } from './refusal.ts';
import {
  ANSWER,
  INFORMATION_ANSWER,
  INFORMATION_QUESTION,
  QUESTION,
} from './rules/consultation.ts';
import { EVERY_BODY, EVERY_MESSAGE } from './rules/every-message.ts';
import { HALT_VERWIJZING } from './rules/halt-verwijzing.ts';
import { INTREKKING } from './rules/intrekking.ts';
import type { Rule } from './rules/rule.ts';
import { VT_MELDING } from './rules/vt-melding.ts';
import { VT_TERUGKOPPELING } from './rules/vt-terugkoppeling.ts';
import { ZAAK_GEBEURTENIS } from './rules/zaak-gebeurtenis.ts';

export type { Rule };

/** By message type; `*` holds for every type, `intrekking` for what withdraws a message of any type. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = {
  '*': [...EVERY_MESSAGE, ...EVERY_BODY],
  'vt-melding': VT_MELDING,
  'vt-terugkoppeling': VT_TERUGKOPPELING,
  'halt-verwijzing': HALT_VERWIJZING,
  'check-op-bekendheid': QUESTION,
  'uitslag-check-op-bekendheid': ANSWER,
  'verzoek-casusinformatie': INFORMATION_QUESTION,
  'uitkomst-casusinformatie': INFORMATION_ANSWER,
  'zaak-gebeurtenis': ZAAK_GEBEURTENIS,
  intrekking: INTREKKING,
};

/** Every place where a rule of this type does not hold. */
export function brokenRules(type: string, claims: Bericht): Fault[] {
  return [...(RULES['*'] ?? []), ...(RULES[type] ?? [])].flatMap(({ melding, broken }) =>
    broken(claims).map((plaats) => ({ plaats, melding })),
  );
}
