/** Routes for what can be sent: the message types, and the schema of each. */
import { bodySchema, messageTypes } from '../../../schemas/messages.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import type { Rooms } from '../../rooms.ts';
import type { Asked, Given, Route } from './route.ts';

const text = { type: 'string' } as const;
const typeEntry = {
  type: 'object',
  required: ['berichttype', 'versies', 'omschrijving'],
  properties: { berichttype: text, versies: { type: 'array', items: text }, omschrijving: text },
} as const;

function list(): Given {
  const berichttypen = messageTypes().map(({ type, versions, summary }) => ({
    berichttype: type,
    versies: versions,
    omschrijving: summary,
  }));
  return { status: 200, body: { berichttypen } };
}

function schema(_: Rooms, { path }: Asked): Given {
  const found = bodySchema(path['berichttype'] ?? '', path['versie'] ?? '');
  if (found === undefined) throw new Refusal('not-found', undefined, [], 'adapter');
  return { status: 200, body: found };
}

export const TYPES: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/berichttypen',
    summary: 'The types of message that can be sent',
    answer: {
      type: 'object',
      required: ['berichttypen'],
      properties: { berichttypen: { type: 'array', items: typeEntry } },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: '/v1/berichttypen/{berichttype}/{versie}/schema',
    summary: 'The JSON Schema of the body (`inhoud`) of a type',
    answer: { type: 'object', description: 'A JSON Schema (2020-12)' },
    status: 200,
    codes: ['not-found'],
    handle: schema,
  },
];
