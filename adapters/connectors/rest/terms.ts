/** Routes for statutory clocks: what runs, what has run out, and what people say of one. */
import type { Klok } from '../../../schemas/generated/wire.ts';
import { parseOin, parseUuid7 } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { isTerm, TERMS } from '../../../schemas/terms.ts';
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import type { ClockId } from '../../store/clocks.ts';
import { openClocks, type RunningClock } from '../../terms/clocks.ts';
import { stateClock } from '../../terms/state-clock.ts';
import type { Asked, Given, Route } from './route.ts';
import { type Acknowledgement, acknowledgement } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const term = {
  type: 'object',
  required: ['klok', 'naam', 'afzender', 'bericht', 'aanvang', 'eind', 'staat'],
  properties: {
    klok: text('Id of the term'),
    naam: text('What it is'),
    afzender: oin,
    bericht: jti,
    aanvang: time,
    eind: time,
    staat: { type: 'string', enum: ['loopt', 'verstreken'] },
    herinnerdOp: { ...time, description: 'When the router last reminded' },
  },
} as const;

const view = ({ clock }: Rooms, one: RunningClock) => ({
  klok: one.term,
  naam: TERMS[one.term].naam,
  afzender: one.sender,
  bericht: one.message,
  aanvang: instant(one.begin),
  eind: instant(one.end),
  staat: clock.now() < one.end ? 'loopt' : 'verstreken',
  ...(one.reminded !== null && { herinnerdOp: instant(one.reminded) }),
});

function list(rooms: Rooms): Given {
  return { status: 200, body: { termijnen: openClocks(rooms).map((one) => view(rooms, one)) } };
}

function idIn({ path }: Asked): ClockId {
  const { klok, afzender, bericht } = path;
  try {
    if (!isTerm(klok)) throw new Refusal('not-found', 'there is no such term', [], 'adapter');
    return { term: klok, sender: parseOin(afzender), message: parseUuid7(bericht) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('bad-request', 'not an OIN, or not the id of a message');
  }
}

const say =
  (handeling: Klok['handeling']) =>
  async (rooms: Rooms, asked: Asked): Promise<Given> => {
    const { medewerker } = asked.body as Acknowledgement;
    const id = idIn(asked);
    await stateClock(rooms, id, handeling, medewerker);
    const { term: klok, sender: afzender, message: bericht } = id;
    return { status: 200, body: { klok, afzender, bericht, handeling } };
  };

const stated = (handeling: Klok['handeling'], summary: string): Route => ({
  method: 'POST',
  path: `/v1/termijnen/{klok}/{afzender}/{bericht}/_${handeling}`,
  summary,
  body: acknowledgement,
  answer: {
    type: 'object',
    required: ['klok', 'afzender', 'bericht', 'handeling'],
    properties: {
      klok: term.properties.klok,
      afzender: oin,
      bericht: jti,
      handeling: text('What was said'),
    },
  },
  status: 200,
  codes: ['not-found', 'schema-invalid', 'statement-invalid', 'router-unreachable'],
  handle: say(handeling),
});

export const TERM_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/termijnen',
    summary: 'Statutory clocks that run or have run out, what ends first at the top',
    answer: {
      type: 'object',
      required: ['termijnen'],
      properties: { termijnen: { type: 'array', items: term } },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  stated('begin', 'A clock of yours begins, such as that of an investigation'),
  stated('verleng', 'A clock of yours is made longer, where the law allows it'),
  stated('einde', 'A clock of yours ends: it is done'),
];
