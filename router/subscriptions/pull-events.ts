import { type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { peek, type Seen } from '../mailboxes/peek.ts';
import type { Rooms } from '../rooms.ts';
import { findOwn } from './show.ts';

/**
 * A sealed copy as a CloudEvent (NLGov profile): the event that the subscriber wants to know of is
 * inside `data`, and nothing of it stands outside.
 */
export interface SealedEvent {
  readonly specversion: '1.0';
  /** `<OIN of the sender>.<id of the message>`: the same for every copy of it that is given. */
  readonly id: string;
  /** The router. */
  readonly source: string;
  readonly type: 'nl.ketenpost.aflevering.v1';
  /** The subscription. */
  readonly subject: Uuid7;
  /** When it was put into the mailbox. */
  readonly time: string;
  readonly datacontenttype: 'application/jose';
  /** Its place in the mailbox, twenty digits: give it as `since` to get what came after it. */
  readonly sequence: string;
  readonly sequencetype: 'postbusplaats';
  /** Compact JWE. */
  readonly data: string;
}

/** Of one answer. */
export const MOST_EVENTS = 100;
const ROOM = 3_000_000;
/** An event weighs so much more than its text. */
const AROUND = 1_000;

interface Asked {
  readonly owner: Oin;
  readonly abonnement: Uuid7;
  /** What `sequence` of the last one said; absent = from the first that lies there. */
  readonly since?: string;
  readonly limit?: number;
}

/**
 * What lies in the subscriber's mailbox for this subscription, oldest first: looked at, and left there
 * until its receipt. A subscription that ended otherwise than by losing its right may still be read.
 * @throws Refusal not-found, subscription-ended or bad-request
 */
export async function pullEvents(rooms: Rooms, asked: Asked): Promise<SealedEvent[]> {
  const { owner, abonnement, limit = MOST_EVENTS } = asked;
  const beyond = placeOf(asked.since ?? '0');
  if (beyond === undefined || !Number.isInteger(limit) || limit < 1 || limit > MOST_EVENTS)
    throw new Refusal('bad-request');
  const { einde } = await findOwn(rooms, owner, abonnement);
  if (einde?.reden === 'geen-recht') throw new Refusal('subscription-ended');
  const seen = await look(rooms, { ...asked, limit }, beyond);
  const events = await Promise.all(seen.map((one) => toEvent(rooms, abonnement, one)));
  return events.filter((event) => event !== undefined);
}

const placeOf = (since: string): number | undefined =>
  /^\d{1,20}$/.test(since) && Number.isSafeInteger(Number(since)) ? Number(since) : undefined;

/** A place that is not there yet is from before the broker was put back: then all is given again. */
async function look(
  { bus }: Rooms,
  { owner, abonnement, limit }: Asked & { limit: number },
  beyond: number,
): Promise<Seen[]> {
  const { last } = await bus.log('MAILBOX').state();
  const found: Seen[] = [];
  let room = ROOM;
  for await (const seen of peek(bus, owner, beyond > last ? 0 : beyond)) {
    const { kind, voor = [] } = seen.label;
    if (kind !== 'aflevering' || !voor.includes(abonnement)) continue;
    room -= seen.size + AROUND;
    if (room < 0) break;
    if (found.push(seen) === limit) break;
  }
  return found;
}

/** @returns nothing when its receipt came in between */
async function toEvent(
  { bus, identity }: Rooms,
  subject: Uuid7,
  { label: { from, id }, seq, at }: Seen,
): Promise<SealedEvent | undefined> {
  const stored = await bus.log('MAILBOX').get(seq);
  if (stored === null) return undefined;
  return {
    specversion: '1.0',
    id: `${from}.${id}`,
    source: `${toUrn(identity.oin)}:systeem:ketenpost`,
    type: 'nl.ketenpost.aflevering.v1',
    subject,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/jose',
    sequence: String(seq).padStart(20, '0'),
    sequencetype: 'postbusplaats',
    data: Buffer.from(stored.data).toString(),
  };
}
