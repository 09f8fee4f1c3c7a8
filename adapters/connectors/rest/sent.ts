/** Routes for what the agency sends: hand in, list, follow. */
import { Refusal } from '../../../schemas/refusal.ts';
import { namesOf } from '../../names.ts';
import { post } from '../../outlet.ts';
import type { Rooms } from '../../rooms.ts';
import { draftSchema } from '../../send/draft.ts';
import { summariseSent, trackOf } from '../../track.ts';
import { count, paging } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { listOf, posted, sent, track } from './schemas.ts';

async function submit(rooms: Rooms, { body }: Asked): Promise<Given> {
  return { status: 202, body: await post(rooms, body) };
}

function list(rooms: Rooms, { query }: Asked): Given {
  const limit = count(query);
  const { staat: state = null, voor: before = null } = query as Record<string, string | undefined>;
  const rows = rooms.store.outbox.list({ state, before, limit });
  const last = rows.length === limit ? rows.at(-1)?.jti : undefined;
  const berichten = rows.map((row) => summariseSent(rooms, row));
  return { status: 200, body: { berichten, ...(last && { volgende: last }) } };
}

function follow(rooms: Rooms, { path }: Asked): Given {
  const row = rooms.store.outbox.get(path['jti'] ?? '');
  if (row === undefined) throw new Refusal('not-found');
  const found = trackOf(rooms, row);
  const parties = [...found.ontvangers, ...found.tijdlijn.map(({ door }) => ({ oin: door }))];
  const namen = namesOf(
    rooms,
    parties.map(({ oin }) => oin),
  );
  return { status: 200, body: { ...found, namen } };
}

export const SENT: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/berichten',
    summary: 'Hand in a message: it is checked, signed, stored, and offered until it has arrived',
    body: draftSchema,
    checksItself: true,
    answer: posted,
    status: 202,
    codes: ['schema-invalid', 'type-unknown', 'too-large', 'id-reused'],
    handle: submit,
  },
  {
    method: 'GET',
    path: '/v1/berichten',
    summary: 'What was sent, the newest first',
    query: [
      { name: 'staat', description: 'Only in this state', schema: sent.properties.staat },
      { name: 'voor', description: 'Only older than this id', schema: { type: 'string' } },
      paging,
    ],
    answer: listOf(sent),
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: '/v1/berichten/{jti}',
    summary: 'How far a message has come: per recipient, and as a line of time',
    answer: track,
    status: 200,
    codes: ['not-found'],
    handle: follow,
  },
];
