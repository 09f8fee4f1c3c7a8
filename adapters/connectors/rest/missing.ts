/** Routes for what a restored store lacks: what came after the backup, and whom to ask. */
import { newUuid7, type Oin, type Uuid7 } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { telephoneOf } from '../../alarms/telephone.ts';
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import type { MissingRow } from '../../store/missing.ts';
import { count, furtherOn, paging, skipping } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import type { Acknowledgement } from './schemas.ts';
import { acknowledgement } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const missing = {
  type: 'object',
  required: ['richting', 'afzender', 'bericht', 'staat', 'op', 'advies'],
  properties: {
    richting: { type: 'string', enum: ['ontvangen', 'verzonden'] },
    afzender: oin,
    bericht: jti,
    ontvanger: oin,
    staat: text('The last that was stated of it'),
    op: time,
    bellen: {
      type: 'object',
      properties: { oin, naam: text('Name'), telefoon: text('Number, by the register') },
    },
    advies: text('What to do'),
  },
} as const;

const settled = { type: 'object', properties: { bericht: jti } } as const;

async function view(rooms: Rooms, row: MissingRow) {
  const received = row.sender !== rooms.oin;
  const other = received ? row.sender : row.recipient;
  const telefoon = await telephoneOf(rooms, other);
  const contact = rooms.store.contacts.get(other);
  return {
    richting: received ? 'ontvangen' : 'verzonden',
    afzender: row.sender,
    bericht: row.message,
    ontvanger: row.recipient,
    staat: row.state,
    op: instant(row.stated * 1000),
    bellen: {
      oin: other,
      ...(contact && { naam: contact.name }),
      ...(telefoon !== null && { telefoon }),
    },
    advies: received
      ? 'Ask the sender to send it anew, as a new message: the router gives a copy once.'
      : 'Look it up in your own system: the recipient has it, or has said what became of it.',
  };
}

async function list(rooms: Rooms, { query }: Asked): Promise<Given> {
  const [limit, offset] = [count(query), furtherOn(query)];
  const { missing, history } = rooms.store;
  // Of one moment: while the telephones are looked up below, more may be found.
  const [rows, gap] = [missing.list(limit, offset), history.gap()];
  const vermist = await Promise.all(rows.map((row) => view(rooms, row)));
  const restored = history.restored();
  const more = rows.length === limit && { volgende: String(offset + limit) };
  const when = restored && { teruggezetOp: restored.at, teruggezetVan: restored.from };
  return { status: 200, body: { vermist, ...more, ...when, volledig: gap === undefined } };
}

/** Somebody has it again, or knows that it is not needed. */
async function settle({ store, clock }: Rooms, { path, body }: Asked): Promise<Given> {
  const [sender, message] = [path['afzender'] ?? '', path['jti'] ?? ''];
  const { medewerker } = body as Acknowledgement;
  const found = await store.write(() => {
    const at = clock.now();
    if (!store.missing.settle(sender, message, at)) return false;
    const about = { sender: sender as Oin, message: message as Uuid7, at };
    store.actions.add(
      { id: newUuid7(at), ...about, action: 'vermist-afgehandeld' },
      { medewerker },
    );
    return true;
  });
  if (!found) throw new Refusal('not-found', undefined, [], 'adapter');
  return { status: 200, body: { bericht: message } };
}

export const MISSING: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/vermist',
    summary: 'What the router has receipts of and this store has not: it came after the backup',
    query: [skipping, paging],
    answer: {
      type: 'object',
      required: ['vermist', 'volledig'],
      properties: {
        vermist: { type: 'array', items: missing },
        volgende: text('Ask from here for more'),
        teruggezetOp: { ...time, description: 'When a backup was put back' },
        teruggezetVan: { ...time, description: 'When that backup was made' },
        volledig: { type: 'boolean', description: 'The router has been asked' },
      },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'POST',
    path: '/v1/vermist/{afzender}/{jti}/_afgehandeld',
    summary: 'This one is dealt with; recorded who says so',
    body: acknowledgement,
    answer: settled,
    status: 200,
    codes: ['not-found', 'schema-invalid'],
    handle: settle,
  },
];
