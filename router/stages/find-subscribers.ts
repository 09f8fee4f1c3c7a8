import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Agency } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';
import { readEvent } from '../subscriptions/case-event.ts';
import { closeCase } from '../subscriptions/close-case.ts';
import { endSubscription } from '../subscriptions/end-subscription.ts';
import { hasLostRight, mayEnd } from '../subscriptions/may-be-told.ts';
import { noteLeftOut } from '../subscriptions/note-left-out.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { Authorised } from './authorise.ts';
import { type Decision, decide, recordDecisions, SUSPENDED } from './decide.ts';
import { hasRoom } from './has-room.ts';
import { type Addressee, pickKey } from './pick-key.ts';

/** For which of its subscriptions a copy is, by subscriber. */
export type ToldFor = ReadonlyMap<Oin, readonly Uuid7[]>;

export interface Subscribers {
  readonly found: readonly Addressee[];
  /** May be told, and cannot be reached now, or has a full mailbox. */
  readonly skipped: readonly Oin[];
}

/** So many subscriptions of one agency at most does a copy name: the oldest. */
const MOST_NAMED = 100;

/**
 * Finds who asked to be told of this event, on this basis: by the register, or by a subscription of its
 * own. Who may not be told or cannot be reached is left out, and stands so in the ledger; a
 * subscription that nothing allows any more ends here. One copy each, however often it asked.
 * @throws Refusal recipient-unknown, when nobody may be told; recipient-unavailable, when nobody of
 * those can be reached now; mailbox-full, when the mailboxes of all who can be are
 */
export async function findSubscribers(rooms: Rooms, authorised: Authorised): Promise<Subscribers> {
  const { claims, sender, at } = authorised;
  const allowed = await whoMayBeTold(rooms, authorised);
  if (allowed.length === 0) {
    // Who may not be told now, being suspended, is to find that it ended, and when.
    await closeCase(rooms, readEvent(claims, sender, at));
    throw new Refusal('recipient-unknown', 'nobody may be told of this event on this basis');
  }
  const found = await whoCanBeTold(rooms, allowed, at);
  const told = new Set(found.map(({ agency }) => agency.oin));
  const skipped = allowed.map(({ oin }) => oin).filter((oin) => !told.has(oin));
  if (skipped.length > 0) await noteLeftOut(rooms, await toldFor(rooms, authorised), skipped);
  return { found, skipped };
}

/** Each is decided upon, and stands in the ledger. */
async function whoMayBeTold(rooms: Rooms, authorised: Authorised): Promise<Agency[]> {
  const { claims, message, sender } = authorised;
  const asking = await whoAsks(rooms, authorised);
  const decisions = asking.map(({ agency, byRegister }) => ({
    ...(byRegister || agency.status === 'actief'
      ? decide(sender, claims, agency)
      : { recipient: agency, answer: SUSPENDED }),
    agency,
  }));
  await recordDecisions(rooms, message, sender, claims, decisions satisfies Decision[]);
  return decisions.filter(({ answer }) => answer.allowed).map(({ agency }) => agency);
}

/** Those with a good key, and room. @throws Refusal recipient-unavailable or mailbox-full, when none has */
async function whoCanBeTold(
  rooms: Rooms,
  allowed: readonly Agency[],
  at: number,
): Promise<Addressee[]> {
  const keys = await inSlices(allowed, (agency) => ({ agency, key: pickKey(rooms, agency, at) }));
  const reachable = keys.flatMap(({ agency, key }) => (key === undefined ? [] : [{ agency, key }]));
  if (reachable.length === 0) throw new Refusal('recipient-unavailable');
  const found = reachable.filter(({ agency }) => hasRoom(rooms, agency));
  if (found.length === 0) {
    const { retrySeconds } = rooms.settings.mailbox;
    throw new Refusal('mailbox-full', undefined, [], undefined, retrySeconds);
  }
  return found;
}

interface Asking {
  readonly agency: Agency;
  /** The register says that it is told: then it is as any recipient, also while it is suspended. */
  readonly byRegister: boolean;
}

async function whoAsks(rooms: Rooms, authorised: Authorised): Promise<Asking[]> {
  const { claims, sender, at } = authorised;
  const { registry } = rooms;
  const fixed = registry.subscribers(claims, at);
  const known = new Set(fixed.map(({ oin }) => oin));
  const own = await stillAllowed(rooms, await subscriptionsFor(rooms, authorised), at);
  const others = [...new Set(own.map(({ abonnee }) => abonnee))].filter((oin) => !known.has(oin));
  return [
    ...fixed.map((agency) => ({ agency, byRegister: true })),
    ...others
      .flatMap((oin) => registry.agency(oin) ?? [])
      .map((agency) => ({ agency, byRegister: false })),
  ].filter(({ agency }) => agency.oin !== sender.oin);
}

/**
 * Leaves out those whose right is gone, whatever the event, and ends them; a pipeline that has not the
 * register yet by which one began leaves it out of this event only.
 */
async function stillAllowed(
  rooms: Rooms,
  matching: readonly Subscription[],
  at: number,
): Promise<Subscription[]> {
  const { registry } = rooms;
  const isLost = (one: Subscription) =>
    hasLostRight(registry, registry.agency(one.abonnee), one, at);
  const lost = new Set(matching.filter(isLost));
  const ended = [...lost].filter((one) => mayEnd(registry, one));
  await inSlices(ended, (one) => endSubscription(rooms, one, 'geen-recht'));
  return matching.filter((one) => !lost.has(one));
}

async function subscriptionsFor(
  { subscriptions }: Rooms,
  { claims, sender, at }: Authorised,
): Promise<Subscription[]> {
  const event = readEvent(claims, sender, at);
  return event === undefined ? [] : subscriptions.matching(event);
}

/** Which subscriptions a copy names: also of a copy that is stored once more, as they are then. */
export async function toldFor(rooms: Rooms, authorised: Authorised): Promise<ToldFor> {
  const named = new Map<Oin, Uuid7[]>();
  for (const { abonnee, id } of await subscriptionsFor(rooms, authorised)) {
    const ids = named.get(abonnee) ?? [];
    if (ids.length < MOST_NAMED) named.set(abonnee, [...ids, id]);
  }
  return named;
}
