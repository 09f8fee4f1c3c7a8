/** Serves what doors ask over the bus, submissions and questions, each through lanes of its own; and the operator. */
import { NotAnId, parseOin } from '../schemas/ids.ts';
import { toProblem } from '../schemas/problem.ts';
import { Refusal } from '../schemas/refusal.ts';
import { answerOne, openAnswers } from './answer.ts';
import type { Ask } from './bus/bus.ts';
import { PRIOS, type Prio, QUESTIONS, subjects } from './bus/subjects.ts';
import { type LaneLimits, Lanes } from './lanes.ts';
import { survey } from './mailboxes/survey.ts';
import { ROUTE_HEADERS, type RouteAnswer } from './questions.ts';
import type { Rooms } from './rooms.ts';
import { route } from './route.ts';

/** Each request goes to one process of the group. */
const GROUP = 'pipeline';
/** A question is short work; a door has so many of an agency under way as its own limits allow. */
const QUESTIONS_AT_ONCE: LaneLimits = { inFlight: 128, waiting: 4000 };

/** @returns how to stop: nothing new is taken, what is under way is answered */
export async function serve(rooms: Rooms, limits: LaneLimits): Promise<() => Promise<void>> {
  const lanes = new Lanes(limits);
  const asking = new Lanes(QUESTIONS_AT_ONCE);
  const answers = openAnswers(rooms);
  const stops = await Promise.all([
    ...PRIOS.map((prio) =>
      rooms.bus.serve(subjects.route(prio), GROUP, async (ask) =>
        encode(await routeOne(rooms, lanes, prio, ask)),
      ),
    ),
    ...QUESTIONS.map((question) =>
      rooms.bus.serve(subjects.ask(question), GROUP, async ({ data }) =>
        encode(await answerOne(rooms, answers, asking, question, data)),
      ),
    ),
    rooms.bus.serve(subjects.mailboxLevels, GROUP, async () =>
      encode({ mailboxes: await survey(rooms) }),
    ),
  ]);
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

const encode = (answer: object): Uint8Array => Buffer.from(JSON.stringify(answer));

/** The subject says the priority, because it decided who went first; the signature must agree with it. */
async function routeOne(rooms: Rooms, lanes: Lanes, prio: Prio, ask: Ask): Promise<RouteAnswer> {
  try {
    const peer = parseOin(ask.headers[ROUTE_HEADERS.peer]);
    const redriven = ask.headers[ROUTE_HEADERS.redriven] !== undefined;
    const offered = { jwe: ask.data, peer, prio, redriven };
    return await lanes.run(prio, peer, () => route(rooms, offered));
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: toProblem(error) };
    if (error instanceof NotAnId)
      return { ok: false, problem: toProblem(new Refusal('bad-request')) };
    throw error;
  }
}
