import type { Bericht } from '../../schemas/generated/wire.ts';
import { type Explanation, explainRule, isGrondslag } from '../../schemas/policy.ts';
import { type Fault, Refusal } from '../../schemas/refusal.ts';
import type { Proven } from '../journey.ts';
import type { Agency } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';

export type Matter = Pick<Bericht, 'berichttype' | 'grondslag'>;

/** It asked to be told itself, and takes no part now. */
export const SUSPENDED = {
  allowed: false,
  why: 'suspended',
  text: 'the subscriber is suspended',
} as const;

/** It is no part of the chain any more. */
export const NOT_IN_FORCE = {
  allowed: false,
  why: 'not-in-force',
  text: 'the agreement with the subscriber is not in force',
} as const;

/** What was decided about one recipient; about any recipient at all when none is named. */
export interface Decision {
  readonly recipient: Pick<Agency, 'oin' | 'rollen'> | undefined;
  readonly answer: Explanation | typeof SUSPENDED | typeof NOT_IN_FORCE;
}

/** May this sender send this type to that recipient on this basis? Asked in this one place only. */
export const decide = (sender: Agency, matter: Matter, recipient: Agency): Decision => ({
  recipient,
  answer: explainRule({
    van: sender.rollen,
    naar: recipient.rollen,
    berichttype: matter.berichttype,
    grondslag: matter.grondslag,
  }),
});

/** Every decision goes into the ledger, whichever way it fell, before anything is done upon it. */
export async function recordDecisions(
  { ledger }: Rooms,
  message: Proven,
  sender: Agency,
  { berichttype, grondslag }: Matter,
  decisions: readonly Decision[],
): Promise<void> {
  const about = { afzender: message.sender, bericht: message.jti, dig: message.dig };
  // A basis that is not in the list is the sender's free text, which has no place in the ledger.
  const basis = isGrondslag(grondslag) ? grondslag : 'onbekend';
  await inSlices(decisions, ({ recipient, answer }) =>
    ledger.append({
      kind: 'besluit',
      ...about,
      berichttype,
      grondslag: basis,
      ontvanger: recipient?.oin,
      van: sender.rollen,
      naar: recipient?.rollen,
      toegestaan: answer.allowed,
      ...(answer.allowed ? { regel: answer.rule.id } : { reden: answer.why }),
    }),
  );
}

/**
 * @param place where in the claims the recipient is named
 * @throws Refusal not-authorised, with the reason for each recipient that may not be sent to
 */
export function insist(
  decisions: readonly Decision[],
  place: (decision: Decision) => string,
): void {
  const faults = decisions.flatMap((decision): Fault[] =>
    decision.answer.allowed ? [] : [{ plaats: place(decision), melding: decision.answer.text }],
  );
  if (faults.length > 0) throw new Refusal('not-authorised', undefined, faults, 'authorise');
}
