/** Routes for what was not handed over to the agency's systems, over all channels; and to do so again. */
import { instant } from '../../instant.ts';
import { redrive } from '../../redrive.ts';
import type { Rooms } from '../../rooms.ts';
import type { Handover } from '../../store/handovers.ts';
import { count, paging } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { employee } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const STATES = ['mens', 'wacht', 'geschreven'] as const;
const channel = { type: 'string', enum: ['webhook', 'folder'] } as const;

const handover = {
  type: 'object',
  required: ['kanaal', 'afzender', 'bericht', 'staat', 'pogingen'],
  properties: {
    kanaal: channel,
    afzender: oin,
    bericht: jti,
    berichttype: text('Message type'),
    prio: { type: 'string', enum: ['spoed', 'normaal'] },
    ontvangenOp: time,
    staat: { type: 'string', enum: STATES },
    pogingen: { type: 'integer' },
    status: { type: 'integer', description: 'Last HTTP status' },
    volgendePoging: time,
  },
} as const;

const order = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker'],
  properties: {
    medewerker: employee,
    berichten: {
      type: 'array',
      maxItems: 1000,
      description: 'Which; all that wait for a person when absent',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['afzender', 'bericht'],
        properties: { afzender: oin, bericht: jti },
      },
    },
    proef: { type: 'boolean', description: 'Only tell what would be handed over again' },
  },
} as const;

interface Order {
  readonly medewerker: string;
  readonly berichten?: readonly { readonly afzender: string; readonly bericht: string }[];
  readonly proef?: boolean;
}

function view({ store }: Rooms, one: Handover) {
  const row = store.inbox.get(one.sender, one.message);
  return {
    kanaal: one.channel,
    afzender: one.sender,
    bericht: one.message,
    ...(row && { berichttype: row.type, ontvangenOp: instant(row.received) }),
    prio: one.prio,
    staat: one.state,
    pogingen: one.attempts,
    ...(one.status !== null && { status: one.status }),
    ...(one.state === 'wacht' && { volgendePoging: instant(one.nextAt) }),
  };
}

function list(rooms: Rooms, { query }: Asked): Given {
  const state = STATES.find((one) => one === query['staat']) ?? 'mens';
  const rows = rooms.store.handovers.inState(state, count(query));
  return { status: 200, body: { koppelingen: rows.map((one) => view(rooms, one)) } };
}

async function again(rooms: Rooms, { body }: Asked): Promise<Given> {
  const { medewerker, berichten, proef = false } = body as Order;
  const which = berichten?.map(({ afzender, bericht }) => ({ sender: afzender, message: bericht }));
  const done = await redrive(rooms, { which, medewerker, dryRun: proef });
  const koppelingen = done.map((one) => view(rooms, one));
  return { status: proef ? 200 : 202, body: { koppelingen, proef } };
}

const answer = {
  type: 'object',
  required: ['koppelingen'],
  properties: {
    koppelingen: { type: 'array', items: handover },
    proef: { type: 'boolean', description: 'Nothing was done' },
  },
} as const;

export const HANDOVERS: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/koppelingen',
    summary: "What the agency's systems did not take: it waits for a person, or to be tried again",
    query: [
      {
        name: 'staat',
        description: 'mens (when absent), wacht, or geschreven',
        schema: { type: 'string', enum: STATES, default: 'mens' },
      },
      paging,
    ],
    answer,
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'POST',
    path: '/v1/koppelingen/_opnieuw',
    summary: 'Hand over again what waits for a person: some, or all; recorded who did it',
    body: order,
    answer,
    status: 202,
    codes: ['schema-invalid'],
    handle: again,
  },
];
