/** Routes for case threads: which there are, and one of them as a line of time. Traffic data only. */
import type { Rooms } from '../../rooms.ts';
import { EVENT_KINDS } from '../../thread/event.ts';
import { listThreads, showThread } from '../../thread.ts';
import { count, furtherOn, paging, skipping } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { employee } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const party = {
  type: 'object',
  required: ['oin'],
  properties: {
    oin,
    naam: text('As the register last called it'),
    eigen: { const: true, description: 'This agency itself' },
  },
} as const;

const parties = { type: 'array', items: party } as const;
const whole = (description: string) => ({ type: 'integer', description }) as const;

const summary = {
  type: 'object',
  required: ['draad', 'soort', 'berichten', 'partijen', 'laatste', 'opOns', 'onderweg', 'alarmen'],
  properties: {
    draad: text('How to ask for it: the case, or else the conversation', { format: 'uuid' }),
    soort: { type: 'string', enum: ['zaak', 'conversatie'] },
    berichten: whole('How many messages'),
    partijen: { ...parties, description: 'The other parties' },
    eerste: time,
    laatste: { ...time, description: 'When the last message came or went' },
    opOns: whole('Received, not yet taken over or rejected, and somebody must'),
    onderweg: whole('Sent and not yet settled'),
    alarmen: whole('Alarms that are not over'),
    afgekapt: {
      const: true,
      description: 'There are older messages, which are neither shown nor counted',
    },
  },
} as const;

const event = {
  type: 'object',
  required: ['op', 'soort'],
  description: 'What else is there depends on the kind',
  properties: {
    op: time,
    soort: { type: 'string', enum: EVENT_KINDS },
    bericht: { ...jti, description: 'The message that it is about' },
    afzender: oin,
    berichttype: text('Message type'),
    prio: { type: 'string', enum: ['spoed', 'normaal'] },
    partijen: parties,
    staat: text('Of the message, or the state that was stated'),
    verwijst: jti,
    vervangt: jti,
    trektIn: jti,
    teLaat: { const: true, description: 'It came after the end of its consultation' },
    door: { ...party, description: 'Who stated it' },
    ontvanger: { ...party, description: 'Whose copy it is about' },
    code: text('Reason code'),
    actie: text('What somebody did'),
    medewerker: employee,
    klok: text('Id of a term'),
    naam: text('What that term is'),
    oorzaak: {
      type: 'string',
      enum: ['antwoord', 'verklaring', 'afwijzing'],
      description: 'What ended it',
    },
    verstreken: { type: 'boolean', description: 'That end is past' },
    grond: text('On which ground it was destroyed'),
    partners: { type: 'array', items: { type: 'object' }, description: 'Questions and answers' },
  },
} as const;

const thread = {
  type: 'object',
  required: [...summary.required, 'zaken', 'conversaties', 'raadplegingen', 'tijdlijn'],
  properties: {
    ...summary.properties,
    zaken: { type: 'array', items: text('Case') },
    conversaties: { type: 'array', items: jti },
    raadplegingen: {
      type: 'array',
      items: jti,
      description: 'Those of its conversations that are consultations of this agency',
    },
    tijdlijn: { type: 'array', items: event },
  },
} as const;

function list(rooms: Rooms, { query }: Asked): Given {
  const [limit, offset] = [count(query), furtherOn(query)];
  const draden = listThreads(rooms, limit, offset);
  const more = draden.length === limit && { volgende: String(offset + limit) };
  return { status: 200, body: { draden, ...more } };
}

const show = (rooms: Rooms, { path }: Asked): Given => ({
  status: 200,
  body: showThread(rooms, (path['zaak'] ?? '').toLowerCase()),
});

export const THREADS: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/zaken',
    summary: 'Cases and conversations, the one with the newest message first',
    query: [skipping, paging],
    answer: {
      type: 'object',
      required: ['draden'],
      properties: {
        draden: { type: 'array', items: summary },
        volgende: text('Ask from here for more'),
      },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: '/v1/zaken/{zaak}',
    summary: 'All messages of one case or conversation as one line of time',
    answer: thread,
    status: 200,
    codes: ['not-found'],
    handle: show,
  },
];
