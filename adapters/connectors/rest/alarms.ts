/** Routes for alarms: what waits too long, and that somebody has seen it. */
import { newUuid7 } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { viewAlarm } from '../../alarm-view.ts';
import { namesOf } from '../../names.ts';
import type { Rooms } from '../../rooms.ts';
import { alarm } from './alarm-schema.ts';
import { names } from './names-schema.ts';
import { count, paging } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import type { Acknowledgement } from './schemas.ts';
import { acknowledgement } from './schemas.ts';

const STATES = ['open', 'voorbij'] as const;

function list(rooms: Rooms, { query }: Asked): Given {
  const { staat = 'open' } = query;
  if (!STATES.some((one) => one === staat)) {
    throw new Refusal('bad-request', `staat must be one of ${STATES.join(', ')}`);
  }
  const { alarms } = rooms.store;
  const rows = staat === 'open' ? alarms.open(count(query)) : alarms.over(count(query));
  const namen = namesOf(
    rooms,
    rows.flatMap(({ sender, recipient }) => [sender, recipient]),
  );
  return { status: 200, body: { alarmen: rows.map((row) => viewAlarm(rooms, row)), namen } };
}

/** Recorded with who it was. An alarm about a message that will never come is over with it. */
async function see(rooms: Rooms, { path, body }: Asked): Promise<Given> {
  const { store, clock, told, rings } = rooms;
  const { medewerker } = body as Acknowledgement;
  const found = store.alarms.get(path['id'] ?? '');
  if (found === undefined) throw new Refusal('not-found', undefined, [], 'adapter');
  await store.write(() => {
    const at = clock.now();
    const { id, sender, message } = found;
    store.alarms.see(id, at, told);
    const action = { id: newUuid7(at), sender, message, at, action: 'alarm-gezien' } as const;
    store.actions.add(action, { medewerker });
  });
  rings.alarms();
  rings.watch();
  return { status: 200, body: viewAlarm(rooms, store.alarms.get(found.id) ?? found) };
}

export const ALARMS: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/alarmen',
    summary: 'Urgent messages that wait too long, and whom to telephone',
    query: [
      {
        name: 'staat',
        description: 'open (when absent), or voorbij',
        schema: { type: 'string', enum: STATES, default: 'open' },
      },
      paging,
    ],
    answer: {
      type: 'object',
      required: ['alarmen'],
      properties: { alarmen: { type: 'array', items: alarm }, namen: names },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'POST',
    path: '/v1/alarmen/{id}/_gezien',
    summary: 'Somebody has seen this alarm; it is recorded who',
    body: acknowledgement,
    answer: alarm,
    status: 200,
    codes: ['not-found', 'schema-invalid'],
    handle: see,
  },
];
