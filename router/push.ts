/**
 * The pipeline's side of bringing: which endpoints there are, what a door may take for them, and what
 * counts of what they answered. The right to take is the registrar's signature under the entry that
 * names an endpoint, never the door's word; a receipt counts by its own signature; and nothing but a
 * delivery with a good receipt leaves a mailbox without a ticket that the agency signed.
 */
import type { Uitslag } from '../schemas/generated/wire.ts';
import type { NoteId, Oin } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { forget, offer } from './collect.ts';
import type { Item } from './mailboxes.ts';
import { type Endpoint, endpointsOf, isBroughtTo } from './push/endpoint.ts';
import { openStops, type Stops } from './push/stops.ts';
import type { Questions } from './questions.ts';
import type { Agency } from './registry.ts';
import type { Rooms } from './rooms.ts';
import type { Tickets } from './tickets.ts';

export interface Pushes {
  endpoints(): Promise<Endpoint[]>;
  /** @throws Refusal not-authorised, unless the register lets the router bring to this agency; ticket-invalid */
  push(ask: Questions['push']['ask']): Promise<Questions['push']['value']>;
  /** An endpoint answered that it is gone. @throws Refusal as push */
  gone(oin: Oin): Promise<void>;
}

/** What a door may take, and bring back, in one question. */
const MOST = 50;

export function openPushes(rooms: Rooms, tickets: Tickets): Pushes {
  const stops = openStops(rooms.bus);
  return {
    endpoints: () => endpoints(rooms, stops),
    push: (ask) => push(rooms, tickets, ask),
    gone: (oin) => gone(rooms, stops, oin),
  };
}

async function endpoints({ registry, clock }: Rooms, stops: Stops): Promise<Endpoint[]> {
  const all = endpointsOf(registry, clock.now());
  const stopped = await Promise.all(
    all.map(({ oin }) => {
      const agency = registry.agency(oin);
      return agency !== undefined && stops.has(agency);
    }),
  );
  return all.filter((_, at) => !stopped[at]);
}

async function push(
  rooms: Rooms,
  tickets: Tickets,
  { postbus, prio, maximum, ontvangstbewijzen = [], bewijs }: Questions['push']['ask'],
): Promise<Questions['push']['value']> {
  broughtTo(rooms, postbus);
  if (maximum > MOST || ontvangstbewijzen.length > MOST) {
    throw new Refusal('bad-request');
  }
  const uitslagen = await Promise.all(
    ontvangstbewijzen.map((jws): Promise<Uitslag> => offer(rooms, postbus, jws)),
  );
  const gezien = await takeAway(rooms, tickets, postbus, bewijs);
  if (maximum < 1) return { stukken: [], uitslagen, gezien, meer: false };
  const { items, more } = await rooms.mailboxes.take(postbus, maximum, [prio]);
  return { stukken: items.map(toPiece), uitslagen, gezien, meer: more };
}

/** Receipts, alarms and notices are signed by others: the agency says with a ticket which of them it has. */
async function takeAway(
  rooms: Rooms,
  tickets: Tickets,
  postbus: Oin,
  bewijs: string | undefined,
): Promise<readonly NoteId[]> {
  if (bewijs === undefined) return [];
  const seen = await tickets.check({ peer: postbus, postbus, bewijs });
  await forget(rooms, postbus, seen);
  return seen;
}

async function gone(rooms: Rooms, stops: Stops, oin: Oin): Promise<void> {
  const agency = broughtTo(rooms, oin);
  if (!(await stops.add(agency))) return;
  await rooms.ledger.append({ kind: 'bezorging-gestopt', ontvanger: oin, reden: 'weg' });
  rooms.log.warn(
    { postbus: oin },
    'the endpoint is gone: nothing is brought to it until the registrar changes its entry',
  );
}

function broughtTo({ registry, clock }: Rooms, oin: Oin): Agency {
  const agency = registry.agency(oin);
  if (agency !== undefined && isBroughtTo(agency, clock.now())) return agency;
  throw new Refusal('not-authorised', 'the register names no endpoint', [], 'collect');
}

const toPiece = ({ kind, from, id, prio, text, exp }: Item) => ({
  soort: kind,
  afzender: from,
  bericht: id,
  prio,
  inhoud: text,
  ...(exp !== undefined && { exp }),
});
