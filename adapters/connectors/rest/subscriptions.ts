/** Routes for subscriptions to events of cases: begin, list, end, ask again, what did not come, and fetch. */
import type { Wish } from '../../../schemas/case-events.ts';
import { parseUuid7 } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { fetchCase } from '../../dataref/fetch.ts';
import { instant } from '../../instant.ts';
import { namesOf } from '../../names.ts';
import type { Rooms } from '../../rooms.ts';
import { gapsOf } from '../../subscriptions/gaps.ts';
import { pull } from '../../subscriptions/pull.ts';
import { refreshSubscriptions } from '../../subscriptions/refresh.ts';
import {
  beginSubscription,
  endSubscription,
  type Wanted,
} from '../../subscriptions/state-subscription.ts';
import { names } from './names-schema.ts';
import { count, paging } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { type Acknowledgement, acknowledgement } from './schemas.ts';
import { event, gap, subscription, wish } from './subscription-schema.ts';
import { viewOf, viewOfEvent, viewOfGap } from './subscription-view.ts';
import { jti, text, time } from './words.ts';

const namesIn = (
  rooms: Rooms,
  subscriptions: readonly { readonly bron?: string }[],
  holes: readonly { readonly afzender: string }[],
) => {
  const sources = subscriptions.map(({ bron }) => bron);
  return namesOf(rooms, [...sources, ...holes.map(({ afzender }) => afzender)]);
};

const wordsOf = ({ code, message }: Refusal): string =>
  message === '' || message === code ? code : `${code}: ${message}`;

async function list(rooms: Rooms): Promise<Given> {
  const failure = await refreshSubscriptions(rooms);
  const abonnementen = rooms.store.subscriptions.all().map((row) => viewOf(rooms, row));
  const hiaten = gapsOf(rooms).map(viewOfGap);
  const said = failure && failure.code !== 'router-unreachable' && { routerZei: wordsOf(failure) };
  const namen = namesIn(rooms, abonnementen, hiaten);
  const body = { abonnementen, hiaten, namen, routerGevraagd: failure === undefined, ...said };
  return { status: 200, body };
}

async function begin(rooms: Rooms, { body }: Asked): Promise<Given> {
  const { medewerker, eind, ...rest } = body as Wish & {
    medewerker: string;
    eind?: string;
  };
  if (rest.zaak === undefined && rest.typen === undefined && rest.regio === undefined) {
    throw new Refusal('schema-invalid', undefined, [
      { plaats: '', melding: 'must name zaak, typen or regio' },
    ]);
  }
  const wanted: Wanted = { ...rest, ...(eind !== undefined && { eind: Date.parse(eind) }) };
  return { status: 201, body: viewOf(rooms, await beginSubscription(rooms, wanted, medewerker)) };
}

const idIn = ({ path }: Asked) => {
  try {
    return parseUuid7(path['abonnement'] ?? '');
  } catch {
    throw new Refusal('bad-request', 'not the id of a subscription');
  }
};

async function end(rooms: Rooms, asked: Asked): Promise<Given> {
  const { medewerker } = asked.body as Acknowledgement;
  const id = idIn(asked);
  await endSubscription(rooms, id, medewerker);
  return { status: 200, body: { abonnement: id, staat: 'beeindigd' } };
}

async function events(rooms: Rooms, asked: Asked): Promise<Given> {
  const { sinds } = asked.query;
  const { events: all, further } = await pull(rooms, idIn(asked), sinds, count(asked.query));
  const gebeurtenissen = all.map(viewOfEvent);
  return { status: 200, body: { gebeurtenissen, ...(further && { volgende: further }) } };
}

function gaps(rooms: Rooms): Given {
  const hiaten = gapsOf(rooms).map(viewOfGap);
  return { status: 200, body: { hiaten, namen: namesIn(rooms, [], hiaten) } };
}

async function fetched(rooms: Rooms, { path, body }: Asked): Promise<Given> {
  const { medewerker } = body as Acknowledgement;
  const id = { sender: path['afzender'] ?? '', jti: path['jti'] ?? '' };
  const { at, digest, answer } = await fetchCase(rooms, id, medewerker);
  return { status: 200, body: { opgehaaldOp: instant(at), digest, gegevens: answer } };
}

const listOf = (name: string, items: object, more: object = {}) => ({
  type: 'object',
  required: [name],
  properties: { [name]: { type: 'array', items }, ...more },
});
const ROUTER_SAYS = ['router-unreachable', 'statement-invalid', 'ticket-invalid'];

export const SUBSCRIPTIONS: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/abonnementen',
    summary: 'Subscriptions of yours, those that ended too, and what did not come under them',
    answer: listOf('abonnementen', subscription, {
      hiaten: { type: 'array', items: gap },
      namen: names,
      routerGevraagd: {
        type: 'boolean',
        description: 'False: the router told nothing, and this is what we knew',
      },
      routerZei: text('Why it told nothing, where it said so: a code, and its explanation'),
    }),
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'POST',
    path: '/v1/abonnementen',
    summary: 'Begin a subscription: by case, by type or by region, on a legal basis',
    body: wish,
    answer: subscription,
    status: 201,
    codes: [
      ...['schema-invalid', 'not-authorised', 'too-many-subscriptions', 'subscription-runs'],
      ...ROUTER_SAYS,
    ],
    handle: begin,
  },
  {
    method: 'GET',
    path: '/v1/abonnementen/hiaten',
    summary: 'Events of cases that did not come though others after them did',
    answer: listOf('hiaten', gap, { namen: names }),
    status: 200,
    codes: [],
    handle: gaps,
  },
  {
    method: 'POST',
    path: '/v1/abonnementen/{abonnement}/_einde',
    summary: 'End a subscription: nothing more comes under it',
    body: acknowledgement,
    answer: {
      type: 'object',
      required: ['abonnement', 'staat'],
      properties: { abonnement: jti, staat: { const: 'beeindigd' } },
    },
    status: 200,
    codes: ['not-found', 'schema-invalid', ...ROUTER_SAYS],
    handle: end,
  },
  {
    method: 'POST',
    path: '/v1/abonnementen/{abonnement}/_ophalen',
    summary: 'Ask the router again for what waits under a subscription, and take it in',
    query: [
      { name: 'sinds', description: 'What `volgende` said before', schema: { type: 'string' } },
      paging,
    ],
    answer: listOf('gebeurtenissen', event, { volgende: text('Ask from here for more') }),
    status: 200,
    codes: ['not-found', 'subscription-ended', ...ROUTER_SAYS],
    handle: events,
  },
  {
    method: 'POST',
    path: '/v1/postvak/{afzender}/{jti}/_haalop',
    summary:
      'Fetch what an event points to, at its source; who did is recorded, what came is not kept',
    body: acknowledgement,
    answer: {
      type: 'object',
      required: ['opgehaaldOp', 'digest', 'gegevens'],
      properties: {
        opgehaaldOp: time,
        digest: text('SHA-256 of what was given; the source has recorded the same'),
        gegevens: { type: 'object', description: 'As the source gave it' },
      },
    },
    status: 200,
    codes: [
      'not-found',
      'destroyed',
      'source-not-trusted',
      'source-unreachable',
      'not-authenticated',
    ],
    handle: fetched,
  },
];
