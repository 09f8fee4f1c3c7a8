/** Routes for consultations: one question to several partners under a clock; and for the partners themselves. */
import { seconds } from '../../../schemas/clock.ts';
import { type Oin, PATTERNS } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { type Closing, closeConsultation } from '../../consult/close.ts';
import { noteLook } from '../../consult/known.ts';
import { lineOf } from '../../consult/line.ts';
import { askMore, type FollowUp, type Opening, openConsultation } from '../../consult/open.ts';
import { knownPartners, lookUp } from '../../consult/partners.ts';
import { findStand, standOf } from '../../consult/stand.ts';
import { viewOf } from '../../consult/view.ts';
import type { Rooms } from '../../rooms.ts';
import { asked, closed, closing, followUp, opening } from './asking-schema.ts';
import { consultation, consultationLine } from './consultation-schema.ts';
import { count, paging } from './paging.ts';
import { partner } from './partner-schema.ts';
import type { Asked, Given, Route } from './route.ts';

const named = ({ path }: Asked): string => path['conversatie'] ?? '';

async function open(rooms: Rooms, { body }: Asked): Promise<Given> {
  return { status: 202, body: await openConsultation(rooms, body as Opening) };
}

async function ask(rooms: Rooms, given: Asked): Promise<Given> {
  return { status: 202, body: await askMore(rooms, named(given), given.body as FollowUp) };
}

async function close(rooms: Rooms, given: Asked): Promise<Given> {
  const done = await closeConsultation(rooms, named(given), given.body as Closing);
  return { status: 202, body: { ingetrokken: done } };
}

/** All that run, what ends first at the top; then those that ended, the newest first. */
function list(rooms: Rooms, { query }: Asked): Given {
  const most = count(query);
  const found = rooms.store.questions.conversations(most, seconds(rooms.clock));
  const lines = found.flatMap((conversation) => {
    const stand = standOf(rooms, conversation);
    return stand === undefined ? [] : [lineOf(rooms, stand)];
  });
  const running = lines.filter(({ staat }) => staat === 'loopt');
  running.sort((a, b) => Date.parse(a.eind) - Date.parse(b.eind));
  const ended = lines
    .filter(({ staat }) => staat !== 'loopt')
    .slice(0, Math.max(0, most - running.length));
  return { status: 200, body: { raadplegingen: [...running, ...ended] } };
}

/** It shows whether the person is known: who looks is recorded before anything is shown. */
async function show(rooms: Rooms, given: Asked): Promise<Given> {
  const stand = findStand(rooms, named(given));
  await noteLook(rooms, stand, given.medewerker);
  return { status: 200, body: viewOf(rooms, stand) };
}

async function partners(rooms: Rooms, { query }: Asked): Promise<Given> {
  const { oin } = query;
  if (oin === undefined) return { status: 200, body: { partners: knownPartners(rooms) } };
  const oins = [...new Set(oin.split(','))];
  if (oins.length > 20 || !oins.every((one) => new RegExp(PATTERNS.oin).test(one))) {
    throw new Refusal('bad-request', 'oin must be at most twenty OINs, with commas between them');
  }
  const found = await Promise.all(oins.map((one) => lookUp(rooms, one as Oin)));
  return { status: 200, body: { partners: found } };
}

const ALL = '/v1/raadplegingen';
const ONE = `${ALL}/{conversatie}`;
const BAD_BODY = ['schema-invalid', 'type-unknown', 'too-large', 'recipient-unknown', 'id-reused'];

export const CONSULTATIONS: readonly Route[] = [
  {
    method: 'POST',
    path: ALL,
    summary:
      'Put one question to several partners, under one clock; with proef only look who is open',
    body: opening,
    answer: asked,
    status: 202,
    codes: BAD_BODY,
    handle: open,
  },
  {
    method: 'GET',
    path: ALL,
    summary: 'The consultations of this agency: all that run, then the newest of the others',
    query: [paging],
    answer: {
      type: 'object',
      required: ['raadplegingen'],
      properties: { raadplegingen: { type: 'array', items: consultationLine } },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: ONE,
    summary: 'Who was asked, has it, answered and what kind, or did not; how long is left',
    named: true,
    answer: consultation,
    status: 200,
    codes: ['not-found'],
    handle: show,
  },
  {
    method: 'POST',
    path: `${ONE}/_vraag`,
    summary: 'Ask more in the same conversation, under the same clock',
    body: followUp,
    answer: asked,
    status: 202,
    codes: ['not-found', 'state-conflict', ...BAD_BODY],
    handle: ask,
  },
  {
    method: 'POST',
    path: `${ONE}/_sluit`,
    summary: 'Withdraw what was asked from those who have not answered',
    body: closing,
    answer: closed,
    status: 202,
    codes: ['not-found', 'state-conflict', 'destroyed', 'schema-invalid'],
    handle: close,
  },
  {
    method: 'GET',
    path: '/v1/partners',
    summary:
      'Telephone and opening hours of partners, as the register says; without oin those last known',
    query: [
      {
        name: 'oin',
        description: 'Only these, with commas between them',
        schema: { type: 'string' },
      },
    ],
    answer: {
      type: 'object',
      required: ['partners'],
      properties: { partners: { type: 'array', items: partner } },
    },
    status: 200,
    codes: [],
    handle: partners,
  },
];
