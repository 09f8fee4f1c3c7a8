/** Routes for the radar: reports that are about the same people. Traffic data only. */
import { groupsOf, matchesOf } from '../../radar/view.ts';
import type { Rooms } from '../../rooms.ts';
import { find } from '../../settle.ts';
import { count, furtherOn, paging, skipping } from './paging.ts';
import { group, matches } from './radar-schema.ts';
import type { Asked, Given, Route } from './route.ts';
import { text } from './words.ts';

const on = { type: 'boolean', description: 'Whether this adapter has a radar' } as const;

function list(rooms: Rooms, { query }: Asked): Given {
  const { groups, next } = groupsOf(rooms, count(query), furtherOn(query));
  const more = next !== undefined && { volgende: String(next) };
  return { status: 200, body: { aan: rooms.store.marks.on, groepen: groups, ...more } };
}

function show(rooms: Rooms, { path }: Asked): Given {
  const row = find(rooms, { sender: path['afzender'] ?? '', jti: path['jti'] ?? '' });
  return { status: 200, body: { aan: rooms.store.marks.on, meldingen: matchesOf(rooms, row) } };
}

export const RADAR: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/radar',
    summary: 'Groups of reports about the same people or household, the newest first',
    query: [skipping, paging],
    answer: {
      type: 'object',
      required: ['aan', 'groepen'],
      properties: {
        aan: on,
        groepen: { type: 'array', items: group },
        volgende: text('Ask from here for more'),
      },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: '/v1/radar/{afzender}/{jti}',
    summary: 'The other reports about the same people or household as one report',
    answer: {
      type: 'object',
      required: ['aan', 'meldingen'],
      properties: { aan: on, meldingen: matches },
    },
    status: 200,
    codes: ['not-found'],
    handle: show,
  },
];
