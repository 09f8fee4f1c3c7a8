import { CASE_EVENT } from '../../schemas/case-events.ts';
import { fromUrn, type Oin, type OinUrn } from '../../schemas/ids.ts';
import { type Fault, Refusal } from '../../schemas/refusal.ts';
import { type Agency, inForce } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import { type CaseEvent, readEvent } from '../subscriptions/case-event.ts';
import { Repeat } from '../verdicts.ts';
import type { Authorised } from './authorise.ts';
import { findByMunicipality } from './find-by-municipality.ts';
import { findSubscribers, type Subscribers, type ToldFor, toldFor } from './find-subscribers.ts';
import { hasRoom } from './has-room.ts';
import { type Left, leave } from './left.ts';
import { type Addressee, pickKey } from './pick-key.ts';
import type { Earlier } from './recall.ts';
import { setAside } from './set-aside.ts';
import { stillTold } from './still-told.ts';

export type Addressed = Left<
  'addressed',
  Pick<Authorised, 'jws' | 'at' | 'message' | 'earlier' | 'claims'> & {
    /** Everybody whom the message is for. */
    recipients: readonly Oin[];
    /** Those who get a copy now: everybody, or who still wants one of a message that is known. */
    addressees: readonly Addressee[];
    /** Subscribers that cannot be reached now and are left out. */
    skipped: readonly Oin[];
    /** Of a case event: what decides who is told, and for which of its subscriptions each is. */
    event: CaseEvent | undefined;
    toldFor: ToldFor;
  }
>;

/**
 * Finds who it is for and with which key to seal. Whom the sender names wins, all or nothing; else
 * the type says how to find them; and of a message that is known they are frozen.
 * @throws Refusal recipient-unknown, ambiguous-address, recipient-unavailable or mailbox-full
 */
export async function resolve(rooms: Rooms, authorised: Authorised): Promise<Addressed> {
  const { earlier, claims, sender, at } = authorised;
  const about = { event: readEvent(claims, sender, at), toldFor: await toldFor(rooms, authorised) };
  if (earlier !== undefined) {
    const { recipients } = earlier.record;
    const addressees = await resume(rooms, authorised, earlier);
    return leave<Addressed>({ ...authorised, ...about, recipients, addressees, skipped: [] });
  }
  const { found, skipped } = await find(rooms, authorised);
  const recipients = found.map(({ agency }) => agency.oin);
  return leave<Addressed>({ ...authorised, ...about, recipients, addressees: found, skipped });
}

async function find(rooms: Rooms, authorised: Authorised): Promise<Subscribers> {
  const { claims, at } = authorised;
  if (claims.aud !== undefined) {
    const found = withKeys(rooms, findNamed(rooms, authorised, claims.aud), at);
    checkRoom(rooms, found);
    return { found, skipped: [] };
  }
  if (claims.berichttype === CASE_EVENT) return findSubscribers(rooms, authorised);
  if (claims.berichttype === 'vt-melding') {
    const agency = await findByMunicipality(rooms, authorised);
    const found = withKeys(rooms, [agency], at);
    checkRoom(rooms, found);
    return { found, skipped: [] };
  }
  throw new Refusal('recipient-unknown', 'this type needs its recipients in aud');
}

/** All or nothing here too. What was accepted or begun before does not come by this place. */
function checkRoom(rooms: Rooms, found: readonly Addressee[]): void {
  const full = found.filter(({ agency }) => !hasRoom(rooms, agency));
  if (full.length === 0) return;
  const faults = full.map(({ agency: { oin, naam } }) => ({
    plaats: '/aud',
    melding: `the mailbox of ${oin} ${naam} is full`,
  }));
  const { retrySeconds } = rooms.settings.mailbox;
  throw new Refusal('mailbox-full', undefined, faults, undefined, retrySeconds);
}

function findNamed({ registry }: Rooms, { at }: Authorised, named: readonly OinUrn[]): Agency[] {
  const faults: Fault[] = [];
  const found = named.flatMap((urn, index) => {
    const agency = registry.agency(fromUrn(urn));
    if (agency !== undefined && inForce(agency, at)) return [agency];
    faults.push({ plaats: `/aud/${index}`, melding: 'is not a registered recipient' });
    return [];
  });
  if (faults.length > 0) throw new Refusal('recipient-unknown', undefined, faults);
  return found;
}

/** Nothing is sent to anybody when one of them cannot be sealed for. */
function withKeys(rooms: Rooms, agencies: readonly Agency[], at: number): Addressee[] {
  const faults: Fault[] = [];
  const found = agencies.flatMap((agency) => {
    const key = pickKey(rooms, agency, at);
    if (key !== undefined) return [{ agency, key }];
    const melding = `${agency.oin} ${agency.naam} has no key that may be used now`;
    faults.push({ plaats: '/aud', melding });
    return [];
  });
  if (faults.length > 0) throw new Refusal('recipient-unavailable', undefined, faults);
  return found;
}

/**
 * A message that was accepted has been promised: whoever cannot be sealed for again now waits for the
 * next offer, and when that goes for all, the promise is said again. Whom a subscription found must
 * still be allowed to be told (still-told.ts).
 */
async function resume(rooms: Rooms, authorised: Authorised, { record, wanting }: Earlier) {
  const { at, message } = authorised;
  const isEvent =
    authorised.claims.aud === undefined && authorised.claims.berichttype === CASE_EVENT;
  const agencies = isEvent
    ? await stillTold(rooms, authorised, wanting)
    : wanting.flatMap((oin) => rooms.registry.agency(oin) ?? []);
  if (record.verdict === 'accepted') {
    const left = await setAside(rooms, authorised, agencies);
    const reachable = left.filter((agency) => pickKey(rooms, agency, at) !== undefined);
    if (reachable.length === 0) throw new Repeat(message, record);
    return withKeys(rooms, reachable, at);
  }
  if (!isEvent && agencies.length < wanting.length) throw new Refusal('recipient-unavailable');
  return withKeys(rooms, agencies, at);
}
