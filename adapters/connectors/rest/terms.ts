/** Routes for statutory clocks: what runs, what has run out, and what people say of one. */
import type { Klok } from '../../../schemas/generated/wire.ts';
import { parseOin, parseUuid7 } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { isTerm } from '../../../schemas/terms.ts';
import { namesOf } from '../../names.ts';
import type { Rooms } from '../../rooms.ts';
import type { ClockId } from '../../store/clocks.ts';
import { openClocks } from '../../terms/clocks.ts';
import { stateClock } from '../../terms/state-clock.ts';
import { storyOf, viewTerm } from '../../terms/story.ts';
import { names } from './names-schema.ts';
import type { Asked, Given, Route } from './route.ts';
import { type Acknowledgement, acknowledgement } from './schemas.ts';
import { clockStory, term } from './term-schema.ts';
import { jti, oin, text } from './words.ts';

function list(rooms: Rooms, { query }: Asked): Given {
  const all = openClocks(rooms).map((one) => viewTerm(rooms, one));
  const { staat } = query;
  const termijnen = all.filter((one) => staat === undefined || one.staat === staat);
  const namen = namesOf(
    rooms,
    termijnen.map(({ afzender }) => afzender),
  );
  return { status: 200, body: { termijnen, namen } };
}

/** One that was ended, too. */
function show(rooms: Rooms, asked: Asked): Given {
  const found = storyOf(rooms, idIn(asked));
  if (found === undefined) throw new Refusal('not-found', 'there is no such clock', [], 'adapter');
  return { status: 200, body: { ...found, namen: namesOf(rooms, [found.afzender]) } };
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
    const eind = handeling === 'einde' ? undefined : storyOf(rooms, id)?.eind;
    return { status: 200, body: { klok, afzender, bericht, handeling, ...(eind && { eind }) } };
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
      eind: {
        ...term.properties.eind,
        description: 'Until when it runs now; absent when it ended',
      },
    },
  },
  status: 200,
  codes: [
    ...['not-found', 'schema-invalid', 'statement-invalid', 'router-unreachable'],
    ...(handeling === 'verleng' ? ['extension-mismatch'] : []),
  ],
  handle: say(handeling),
});

export const TERM_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/termijnen',
    summary: 'Statutory clocks that run or have run out, what ends first at the top',
    query: [
      {
        name: 'staat',
        description: 'Only those that still run, or that have run out',
        schema: { type: 'string', enum: ['loopt', 'verstreken'] },
      },
    ],
    answer: {
      type: 'object',
      required: ['termijnen'],
      properties: { termijnen: { type: 'array', items: term }, namen: names },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: '/v1/termijnen/{klok}/{afzender}/{bericht}',
    summary: 'The story of one clock, also of one that was ended',
    answer: clockStory,
    status: 200,
    codes: ['not-found'],
    handle: show,
  },
  stated('begin', 'A clock of yours begins, such as that of an investigation'),
  stated('verleng', 'A clock of yours is made longer, where the law allows it'),
  stated('einde', 'A clock of yours ends: it is done'),
];
