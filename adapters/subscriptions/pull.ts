/**
 * Asks the router again for what waits under a subscription, by the Dutch profile, and takes each
 * delivery in as if it had been collected: verified, stored, receipted.
 */
import { open as openSealed } from '../../certs/open.ts';
import { readJws } from '../../certs/verify.ts';
import { isCode } from '../../schemas/codes.ts';
import type { Bericht, Postbusstuk } from '../../schemas/generated/wire.ts';
import { fromUrn, type Oin, type Uuid7 } from '../../schemas/ids.ts';
import { readObject } from '../../schemas/read.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { CTY, TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { receive } from '../endpoint.ts';
import type { CaseEvent } from '../events/case-event.ts';
import { readCaseEvent } from '../events/case-event.ts';
import type { Reception } from '../receive/reception.ts';
import type { Rooms } from '../rooms.ts';

export interface Pulled {
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly became: Reception;
  /** What was verified and is in the inbox; absent when it was refused or left. */
  readonly event?: CaseEvent;
}

export interface Pull {
  readonly events: readonly Pulled[];
  /** Where to go on from, as the router counts; absent when the answer was empty. */
  readonly further?: string;
}

/** As many as the router gives at once. */
const MOST = 100;
const LIMITS = { length: 3_000_000, depth: 1, members: 2 } as const;

/**
 * @param since what `further` said before
 * @throws Refusal what the router said; router-unreachable
 */
export async function pull(
  rooms: Rooms,
  id: Uuid7,
  since: string | undefined,
  limit: number,
): Promise<Pull> {
  const query = new URLSearchParams({ limit: String(Math.min(limit, MOST)) });
  if (since !== undefined) query.set('since', since);
  const ticket = await rooms.ticket.fresh();
  const answer = await rooms.door.subscriptions(`/${id}/events?${query}`, ticket, readBatch);
  if (!answer.ok) {
    const { code, detail } = answer.problem;
    if (code === 'ticket-invalid') rooms.ticket.forget();
    throw new Refusal(isCode(code) ? code : 'temporarily-unavailable', detail);
  }
  const events: Pulled[] = [];
  for (const one of answer.value) events.push(await take(rooms, one.data));
  const further = answer.value.at(-1)?.sequence;
  return { events, ...(further !== undefined && { further }) };
}

interface Envelope {
  /** Its place in our mailbox: where to go on from. */
  readonly sequence: string;
  /** The delivery, compact JWE. */
  readonly data: string;
}

/** A batch by the JSON format of CloudEvents. @throws Refusal malformed */
function readBatch(value: unknown): Envelope[] {
  if (!Array.isArray(value)) throw new Refusal('malformed', 'the answer is no batch of events');
  return value.map((one) => {
    const { sequence, data } = Object(one) as Record<string, unknown>;
    if (typeof sequence === 'string' && typeof data === 'string') return { sequence, data };
    throw new Refusal('malformed', 'an event of the answer is not one of the profile');
  });
}

async function take(rooms: Rooms, inhoud: string): Promise<Pulled> {
  const item = await toItem(rooms, inhoud);
  const became = await receive(rooms, item);
  const { afzender: sender, bericht: message } = item;
  const jws = rooms.store.inbox.jws(sender, message);
  const event =
    jws === undefined
      ? undefined
      : readCaseEvent(readJws(jws, TYP.message).claims as unknown as Bericht);
  return { sender, message, became, ...(event && { event }) };
}

/** As the mailbox gives it. Whose and which it is says the message within; that is proven when it is received. */
async function toItem({ identity }: Rooms, inhoud: string): Promise<Postbusstuk> {
  const opened = await openSealed(inhoud, CTY.delivery, (x5t) =>
    identity.opening.find((key) => key.x5t === x5t),
  );
  if (opened === null) throw new Refusal('unreadable', 'an event was sealed for a key of before');
  const { bericht } = checkWire('aflevering', readObject(opened.plaintext, LIMITS));
  const { iss, jti, prio } = checkWire('bericht', readJws(bericht, TYP.message).claims);
  return { afzender: fromUrn(iss), bericht: jti, prio, inhoud };
}
