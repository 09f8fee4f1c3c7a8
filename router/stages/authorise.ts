import { fromUrn, toUrn } from '../../schemas/ids.ts';
import { explainRule, ROLES } from '../../schemas/policy.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { inForce } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import { decide, insist, recordDecisions } from './decide.ts';
import { type Left, leave } from './left.ts';
import type { Validated } from './validate.ts';

export type Authorised = Left<
  'authorised',
  Pick<Validated, 'journey' | 'jws' | 'at' | 'message' | 'sender' | 'earlier' | 'claims'>
>;

/**
 * Decides whether this sender may send this type, on this basis, to whom it names. Recipients that
 * the router has yet to find are decided upon by resolve, with the same `decide`, because only there
 * it is known who they are; here is refused what no recipient could make right. A message that is
 * known was decided upon at its first receipt, and that decision stands in the ledger.
 * @throws Refusal not-authorised, with the reason for each recipient
 */
export async function authorise(rooms: Rooms, validated: Validated): Promise<Authorised> {
  if (validated.earlier === undefined) {
    checkSender(validated);
    await (validated.claims.aud ? checkNamed(rooms, validated) : checkAny(rooms, validated));
  }
  return leave<Authorised>(validated);
}

function checkSender({ sender, at }: Validated): void {
  if (sender.status !== 'actief') {
    throw new Refusal('not-authorised', 'the sender is suspended');
  }
  if (!inForce(sender, at)) {
    throw new Refusal('not-authorised', 'the agreement with the sender is not in force');
  }
}

/** A name that is not registered is left to resolve, which says so. */
async function checkNamed(rooms: Rooms, { message, sender, claims }: Validated): Promise<void> {
  const named = claims.aud ?? [];
  const decisions = named
    .map((urn) => rooms.registry.agency(fromUrn(urn)))
    .filter((recipient) => recipient !== undefined)
    .map((recipient) => decide(sender, claims, recipient));
  await recordDecisions(rooms, message, sender, claims, decisions);
  insist(decisions, ({ recipient }) => `/aud/${recipient && named.indexOf(toUrn(recipient.oin))}`);
}

/** Whether there is any role to which a rule could allow this. */
async function checkAny(rooms: Rooms, { message, sender, claims }: Validated): Promise<void> {
  const { berichttype, grondslag } = claims;
  const naar = Object.keys(ROLES);
  const answer = explainRule({ van: sender.rollen, berichttype, naar, grondslag });
  if (answer.allowed) return;
  const decisions = [{ recipient: undefined, answer }];
  await recordDecisions(rooms, message, sender, claims, decisions);
  insist(decisions, () => '/grondslag');
}
