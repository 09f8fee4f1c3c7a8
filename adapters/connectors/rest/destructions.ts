/** Routes for destruction: of what was received, of what was sent, and what has been destroyed. */

import { look, relatedTo } from '../../destroy/target.ts';
import type { Order } from '../../destroy.ts';
import { destroy } from '../../destroy.ts';
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import type { DestructionRow } from '../../store/destructions.ts';
import { count, furtherOn, paging, skipping } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { employee } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const GROUNDS: readonly Order['grond'][] = [
  'verzoek-betrokkene',
  'bewaartermijn',
  'verkeerd-geadresseerd',
  'ingetrokken',
  'anders',
];

const order = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker', 'grond'],
  properties: {
    medewerker: employee,
    grond: { type: 'string', enum: GROUNDS, description: 'Why; stands in the signed record' },
    toelichting: text('Why, in words; kept encrypted', { maxLength: 500 }),
    proef: { type: 'boolean', description: 'Only tell what would be destroyed' },
  },
} as const;

const record = {
  afzender: oin,
  bericht: jti,
  digest: text('SHA-256 of the message as it was signed'),
  ontvangenOp: time,
  vernietigdOp: time,
  grond: { type: 'string', enum: GROUNDS },
  verklaring: text('The record, signed by this agency (compact JWS, ketenpost-vernietiging+jwt)'),
} as const;

const destroyed = {
  type: 'object',
  required: ['afzender', 'bericht', 'verwant'],
  properties: {
    ...record,
    proef: { type: 'boolean' },
    verwant: {
      type: 'array',
      description: 'Corrections and withdrawals that belong to it: decide upon those, too',
      items: {
        type: 'object',
        properties: { bericht: jti, relatie: text('How'), vernietigd: { type: 'boolean' } },
      },
    },
    bewijs: {
      type: 'object',
      description: 'What was searched for in the files afterwards; `gevonden` must be 0',
      properties: {
        doorzocht: { type: 'integer', description: 'Bytes' },
        stukken: { type: 'integer', description: 'Pieces of what was erased' },
        gevonden: { type: 'integer', description: 'Pieces that are still there' },
        leeggemaakt: { type: 'boolean', description: 'The write-ahead log is empty' },
      },
    },
  },
} as const;

const view = (row: DestructionRow) => ({
  afzender: row.sender,
  bericht: row.message,
  digest: row.digest,
  ontvangenOp: instant(row.received),
  vernietigdOp: instant(row.at),
  grond: row.ground,
  verklaring: row.jws,
});

async function carryOut(rooms: Rooms, { path, body }: Asked): Promise<Given> {
  const { proef, ...wanted } = body as Order & { readonly proef?: boolean };
  const id = { sender: path['afzender'] ?? rooms.oin, jti: path['jti'] ?? '' };
  const verwant = relatedTo(rooms, id.sender, id.jti);
  if (proef) {
    const { sender: afzender, jti: bericht, digest, received } = look(rooms, id);
    const would = { afzender, bericht, digest, ontvangenOp: instant(received), proef: true };
    return { status: 200, body: { ...would, verwant } };
  }
  const done = await destroy(rooms, id, wanted);
  const bewijs = done.proof && { bewijs: done.proof };
  return { status: 200, body: { ...view(done.record), verwant, ...bewijs } };
}

function list(rooms: Rooms, { query }: Asked): Given {
  const [limit, offset] = [count(query), furtherOn(query)];
  const rows = rooms.store.destructions.list(limit, offset);
  const more = rows.length === limit && { volgende: String(offset + limit) };
  return { status: 200, body: { vernietigingen: rows.map(view), ...more } };
}

const BOTH = { body: order, answer: destroyed, status: 200, handle: carryOut } as const;
const CODES = ['not-found', 'state-conflict', 'schema-invalid'] as const;

export const DESTRUCTIONS: readonly Route[] = [
  {
    ...BOTH,
    method: 'POST',
    path: '/v1/postvak/{afzender}/{jti}/_vernietig',
    summary: 'Destroy the content of a received message; traffic data and a signed record stay',
    codes: CODES,
  },
  {
    ...BOTH,
    method: 'POST',
    path: '/v1/berichten/{jti}/_vernietig',
    summary: 'Destroy the content of a sent message that is settled',
    codes: CODES,
  },
  {
    method: 'GET',
    path: '/v1/vernietigingen',
    summary: 'What was destroyed, the newest first, with the signed records',
    query: [skipping, paging],
    answer: {
      type: 'object',
      required: ['vernietigingen'],
      properties: {
        vernietigingen: { type: 'array', items: { type: 'object', properties: record } },
        volgende: text('Ask from here for more'),
      },
    },
    status: 200,
    codes: [],
    handle: list,
  },
];
