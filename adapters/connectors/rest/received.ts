/** Routes for what the agency received: list, open, acknowledge, reject, hand over again. */
import { passesElevenTest } from '../../../schemas/keywords.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { instant } from '../../instant.ts';
import { redrive } from '../../redrive.ts';
import type { Rooms } from '../../rooms.ts';
import { find, noteAction, settle } from '../../settle.ts';
import { openWithRadar, summarise } from '../../view.ts';
import { count, furtherOn, paging, skipping } from './paging.ts';
import { opened, received, settled } from './received-schema.ts';
import type { Asked, Given, Route } from './route.ts';
import type { Acknowledgement, Rejection } from './schemas.ts';
import { acknowledgement, listOf, rejection } from './schemas.ts';

const idOf = ({ path }: Asked) => ({ sender: path['afzender'] ?? '', jti: path['jti'] ?? '' });

function list(rooms: Rooms, { query }: Asked): Given {
  const limit = count(query);
  const { staat, berichttype } = query as Record<string, string | undefined>;
  const { enum: states } = received.properties.staat;
  if (staat !== undefined && !states.some((state) => state === staat)) {
    throw new Refusal('bad-request', `staat must be one of ${states.join(', ')}`);
  }
  const offset = furtherOn(query);
  const page = { state: staat ?? null, type: berichttype ?? null, limit, offset };
  const rows = rooms.store.inbox.list(page, rooms.clock.now());
  const berichten = rows.map((row) => summarise(rooms, row));
  const more = rows.length === limit && { volgende: String(offset + limit) };
  return { status: 200, body: { berichten, ...more } };
}

/** Reading is an action, too: it is recorded before anything is shown. */
async function read(rooms: Rooms, asked: Asked): Promise<Given> {
  const row = find(rooms, idOf(asked));
  const message = await openWithRadar(rooms, idOf(asked));
  const by = asked.medewerker === undefined ? {} : { medewerker: asked.medewerker };
  await rooms.store.write(() => noteAction(rooms, row, 'gelezen', by));
  const acties = rooms.store.actions.of(row.sender, row.jti).map(({ at, action, medewerker }) => ({
    op: instant(at),
    actie: action,
    ...(medewerker !== undefined && { medewerker }),
  }));
  return { status: 200, body: { ...message, acties } };
}

async function acknowledge(rooms: Rooms, asked: Asked): Promise<Given> {
  const { medewerker } = asked.body as Acknowledgement;
  await settle(rooms, idOf(asked), { state: 'verwerkt', action: 'bevestigd', by: { medewerker } });
  return { status: 200, body: { staat: 'verwerkt' } };
}

async function reject(rooms: Rooms, asked: Asked): Promise<Given> {
  const { medewerker, code, toelichting, doorverwijzing } = asked.body as Rejection;
  checkExplanation(toelichting);
  await settle(rooms, idOf(asked), {
    state: 'afgewezen',
    action: 'afgewezen',
    by: { medewerker, ...(toelichting !== undefined && { toelichting }) },
    code,
    ...(toelichting !== undefined && { explanation: toelichting }),
    ...(doorverwijzing !== undefined && { referral: doorverwijzing }),
  });
  return { status: 200, body: { staat: 'afgewezen' } };
}

/** The explanation travels in a receipt, where traffic data belongs and a citizen's number does not. */
function checkExplanation(text = ''): void {
  if (!(text.match(/\d{9}/g) ?? []).some(passesElevenTest)) return;
  const fault = { plaats: '/toelichting', melding: 'must hold no personal data, such as a BSN' };
  throw new Refusal('schema-invalid', undefined, [fault]);
}

/** A person has mended what kept the agency's system from taking the message. */
async function handOver(rooms: Rooms, asked: Asked): Promise<Given> {
  const row = find(rooms, idOf(asked));
  const { medewerker } = asked.body as Acknowledgement;
  const which = [{ sender: row.sender, message: row.jti }];
  const done = await redrive(rooms, { which, medewerker, dryRun: false });
  if (done.length === 0) throw new Refusal('state-conflict', 'no system waits for a person');
  return { status: 202, body: { staat: row.state } };
}

const ONE = '/v1/postvak/{afzender}/{jti}';

export const RECEIVED: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/postvak',
    summary:
      'What was received: questions under a clock first, then urgent, then the newest, and below them what is settled; traffic data only',
    query: [
      { name: 'staat', description: 'Only in this state', schema: received.properties.staat },
      { name: 'berichttype', description: 'Only of this type', schema: { type: 'string' } },
      skipping,
      paging,
    ],
    answer: listOf(received),
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: ONE,
    summary: 'One message, opened; the sender was verified. Reading it is recorded',
    named: true,
    answer: opened,
    status: 200,
    codes: ['not-found', 'destroyed'],
    handle: read,
  },
  {
    method: 'POST',
    path: `${ONE}/_bevestig`,
    summary: 'Acknowledge: the sender gets the receipt verwerkt',
    body: acknowledgement,
    answer: settled,
    status: 200,
    codes: ['not-found', 'state-conflict', 'schema-invalid'],
    handle: acknowledge,
  },
  {
    method: 'POST',
    path: `${ONE}/_wijsaf`,
    summary: 'Reject: the sender gets the receipt afgewezen with the code',
    body: rejection,
    answer: settled,
    status: 200,
    codes: ['not-found', 'state-conflict', 'schema-invalid'],
    handle: reject,
  },
  {
    method: 'POST',
    path: `${ONE}/_opnieuw`,
    summary: 'Hand over again to the system of the agency that did not take it',
    body: acknowledgement,
    answer: settled,
    status: 202,
    codes: ['not-found', 'state-conflict', 'schema-invalid'],
    handle: handOver,
  },
];
