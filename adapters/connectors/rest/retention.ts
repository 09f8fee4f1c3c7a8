/** The route that tells which reports are past the agency's own retention period. Destroying them is for a person. */
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import { count, paging } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { jti, oin, text, time } from './words.ts';

/** Files about youth are kept for twenty years, unless the agency knows better. */
const YEARS = 20;

function list({ store, clock }: Rooms, { query }: Asked): Given {
  const asked = Number.parseInt(query['jaren'] ?? '', 10);
  const years = Number.isNaN(asked) ? YEARS : Math.min(Math.max(asked, 0), 100);
  const before = new Date(clock.now());
  before.setUTCFullYear(before.getUTCFullYear() - years);
  const rows = store.inbox.olderThan(before.getTime(), count(query));
  const berichten = rows.map((row) => ({
    afzender: row.sender,
    bericht: row.jti,
    berichttype: row.type,
    ontvangenOp: instant(row.received),
    staat: row.state,
  }));
  return { status: 200, body: { voor: instant(before.getTime()), berichten } };
}

export const RETENTION: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/bewaring',
    summary: 'Reports that are past the retention period and not destroyed, the oldest first',
    query: [
      {
        name: 'jaren',
        description: 'The retention period',
        schema: { type: 'integer', minimum: 0, maximum: 100, default: YEARS },
      },
      paging,
    ],
    answer: {
      type: 'object',
      required: ['voor', 'berichten'],
      properties: {
        voor: { ...time, description: 'What was received before' },
        berichten: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              afzender: oin,
              bericht: jti,
              berichttype: text('Message type'),
              ontvangenOp: time,
              staat: text('State'),
            },
          },
        },
      },
    },
    status: 200,
    codes: [],
    handle: list,
  },
];
