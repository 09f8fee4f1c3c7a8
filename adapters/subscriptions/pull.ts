/**
 * Asks the router again for what waits under a subscription, by the Dutch profile, and takes each
 * delivery in as if it had been collected: verified, stored, receipted.
 */
import { readJws } from '../../certs/verify.ts';
import type { Bericht, Postbusstuk } from '../../schemas/generated/wire.ts';
import { type Oin, parseOin, parseUuid7, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { refusalOf } from '../answer.ts';
import { askOwn } from '../ask-own.ts';
import { receive } from '../endpoint.ts';
import { type CaseEvent, readCaseEvent } from '../events/case-event.ts';
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
  const answer = await askOwn(rooms, (ticket) =>
    rooms.door.subscriptions(`/${id}/events?${query}`, ticket, readBatch),
  );
  if (!answer.ok) throw refusalOf(answer.problem);
  const events: Pulled[] = [];
  for (const one of answer.value) events.push(await take(rooms, one.item));
  const further = answer.value.at(-1)?.sequence;
  return { events, ...(further !== undefined && { further }) };
}

interface Envelope {
  /** Its place in our mailbox: where to go on from. */
  readonly sequence: string;
  /** As the mailbox would give it. */
  readonly item: Postbusstuk;
}

/** A batch by the JSON format of CloudEvents. @throws Refusal malformed */
function readBatch(value: unknown): Envelope[] {
  if (!Array.isArray(value)) throw new Refusal('malformed', 'the answer is no batch of events');
  return value.map((one) => readEnvelope(Object(one) as Record<string, unknown>));
}

/** Its id names the sender and the message; whether they did send it is proven when it is received. */
function readEnvelope({ sequence, data, id }: Record<string, unknown>): Envelope {
  const [sender, message] = String(id).split('.');
  if (typeof sequence === 'string' && typeof data === 'string') {
    try {
      const item = { afzender: parseOin(sender), bericht: parseUuid7(message), inhoud: data };
      return { sequence, item: { ...item, prio: 'normaal' } };
    } catch {
      // Said below.
    }
  }
  throw new Refusal('malformed', 'an event of the answer is not one of the profile');
}

async function take(rooms: Rooms, item: Postbusstuk): Promise<Pulled> {
  const became = await receive(rooms, item);
  const { afzender: sender, bericht: message } = item;
  const jws = rooms.store.inbox.jws(sender, message);
  if (jws === undefined) return { sender, message, became };
  const event = readCaseEvent(readJws(jws, TYP.message).claims as unknown as Bericht);
  return { sender, message, became, ...(event && { event }) };
}
