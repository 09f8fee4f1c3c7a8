/** Routes for subscriptions to events of cases: begin, list, end, ask again, and what did not come. */
import { PATTERNS, parseUuid7 } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import type { SubscriptionRow } from '../../store/subscriptions.ts';
import { type Gap, gapsOf } from '../../subscriptions/gaps.ts';
import { type Pulled, pull } from '../../subscriptions/pull.ts';
import { refreshSubscriptions } from '../../subscriptions/refresh.ts';
import {
  beginSubscription,
  endSubscription,
  type Wish,
} from '../../subscriptions/state-subscription.ts';
import { count, paging } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { type Acknowledgement, acknowledgement, employee } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const zaak = text('Case, opaque', { pattern: PATTERNS.uuid });
const wishes = {
  bron: { ...oin, description: 'Only events of this agency; required with zaak' },
  zaak: { ...zaak, description: 'Only this case of bron; the subscription ends with it' },
  typen: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    items: text('CloudEvents type', { pattern: '^[a-z0-9]+([.-][a-z0-9]+)*$', maxLength: 120 }),
  },
  regio: text('Only events of this VT region', { pattern: '^VT[0-9]{2}$' }),
  grondslag: text('Legal basis on which you may be told', { minLength: 1, maxLength: 64 }),
  eind: { ...time, description: 'Ends by itself at; the router has a longest of its own' },
} as const;

const wish = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker', 'grondslag'],
  dependentRequired: { zaak: ['bron'] },
  properties: { medewerker: employee, ...wishes },
} as const;

const subscription = {
  type: 'object',
  required: ['abonnement', 'grondslag', 'begonnenOp', 'staat'],
  properties: {
    abonnement: { ...jti, description: 'Id of the subscription' },
    ...wishes,
    begonnenOp: time,
    staat: { type: 'string', enum: ['loopt', 'beeindigd'] },
    beeindigdOp: time,
    reden: text('Why it ended: opgezegd, eind, zaak-afgesloten, geen-recht'),
    begonnenDoor: employee,
    beeindigdDoor: employee,
  },
} as const;

const gap = {
  type: 'object',
  required: ['afzender', 'systeem', 'zaak', 'van', 'tot', 'aantal', 'sinds', 'abonnement'],
  properties: {
    afzender: oin,
    systeem: text('The system that tells, as CloudEvents source'),
    zaak,
    van: text('First number that is missing'),
    tot: text('Last number that is missing'),
    aantal: { type: 'integer' },
    sinds: { ...time, description: 'When the event came that showed it' },
    abonnement: { ...jti, description: 'The subscription under which it should have come' },
  },
} as const;

const event = {
  type: 'object',
  required: ['afzender', 'bericht', 'uitkomst'],
  properties: {
    afzender: oin,
    bericht: jti,
    uitkomst: { type: 'string', enum: ['nieuw', 'bekend', 'geweigerd', 'blijft'] },
    type: text('CloudEvents type'),
    zaak,
    volgnummer: { type: 'integer' },
    dataref: text('Where more is to be had; ask for it by /v1/postvak/{afzender}/{jti}/_haalop'),
  },
} as const;

export const viewOf = ({ store, clock }: Rooms, row: SubscriptionRow) => {
  const { begunBy, endedBy } = store.subscriptions.people(row.id);
  const isOver = row.ended !== null || (row.until !== null && row.until <= clock.now());
  const reason = row.reason ?? (isOver ? 'eind' : null);
  const ended = row.ended ?? (isOver ? row.until : null);
  return {
    abonnement: row.id,
    ...(row.source !== null && { bron: row.source }),
    ...(row.zaak !== null && { zaak: row.zaak }),
    ...(row.types !== null && { typen: JSON.parse(row.types) as string[] }),
    ...(row.region !== null && { regio: row.region }),
    grondslag: row.basis,
    begonnenOp: instant(row.begun),
    ...(row.until !== null && { eind: instant(row.until) }),
    staat: isOver ? 'beeindigd' : 'loopt',
    ...(ended !== null && { beeindigdOp: instant(ended) }),
    ...(reason !== null && { reden: reason }),
    ...(begunBy !== undefined && { begonnenDoor: begunBy }),
    ...(endedBy !== undefined && { beeindigdDoor: endedBy }),
  };
};

const viewOfGap = ({ sender, source, zaak: of, from, to, count: n, since, subscription }: Gap) => ({
  ...{ afzender: sender, systeem: source, zaak: of, van: from, tot: to, aantal: n },
  ...{ sinds: instant(since), abonnement: subscription },
});

const BECAME = {
  delivered: 'nieuw',
  repeated: 'bekend',
  refused: 'geweigerd',
  left: 'blijft',
} as const;

const viewOfEvent = ({ sender, message, became, event: told }: Pulled) => ({
  afzender: sender,
  bericht: message,
  uitkomst: BECAME[became],
  ...(told && { type: told.type, zaak: told.zaak }),
  ...(told?.number !== undefined && { volgnummer: told.number }),
  ...(told?.dataref !== undefined && { dataref: told.dataref }),
});

async function list(rooms: Rooms): Promise<Given> {
  const isAnswered = await refreshSubscriptions(rooms);
  const abonnementen = rooms.store.subscriptions.all().map((row) => viewOf(rooms, row));
  const hiaten = gapsOf(rooms).map(viewOfGap);
  return { status: 200, body: { abonnementen, hiaten, routerGevraagd: isAnswered } };
}

async function begin(rooms: Rooms, { body }: Asked): Promise<Given> {
  const { medewerker, eind, ...rest } = body as Omit<Wish, 'eind'> & {
    medewerker: string;
    eind?: string;
  };
  if (rest.zaak === undefined && rest.typen === undefined && rest.regio === undefined) {
    throw new Refusal('schema-invalid', undefined, [
      { plaats: '', melding: 'must name zaak, typen or regio' },
    ]);
  }
  const wanted: Wish = { ...rest, ...(eind !== undefined && { eind: Date.parse(eind) }) };
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

const gaps = (rooms: Rooms): Given => ({
  status: 200,
  body: { hiaten: gapsOf(rooms).map(viewOfGap) },
});

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
      routerGevraagd: {
        type: 'boolean',
        description: 'False: the router did not answer, and this is what we knew',
      },
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
    codes: ['schema-invalid', 'not-authorised', 'too-many-subscriptions', ...ROUTER_SAYS],
    handle: begin,
  },
  {
    method: 'GET',
    path: '/v1/abonnementen/hiaten',
    summary: 'Events of cases that did not come though others after them did',
    answer: listOf('hiaten', gap),
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
];
